"""The communes of a territory side by side: a small one leads both ends of every list by chance."""

from __future__ import annotations

from helpers import french
from helpers.errors import NotComputable
from helpers.methods import basis, comparison, side_by_side
from helpers.page import display
from helpers.territory.diagnosis.results import Diagnosis

NOTE_FR = (
    "rapprochée : chaque commune est tirée vers l'ensemble, d'autant plus qu'elle est petite ; entre crochets, "
    f"{basis.REPEATED_FR}"
)
INSIDE, BASE = "age_65_plus_2021", "population_iris_2021"
HEADS_FR = {
    "territory": "Commune", "base": "Habitants 2021", "raw": "65 ans et plus (%)", "near": "Part rapprochée (%)",
    "verdict": "Entonnoir",
}  # fmt: skip


def communes(diagnosis: Diagnosis) -> display.Shown:
    """Share of 65 and over of each commune, raw and drawn towards that of the territory, and what the funnel says.

    Not for paper: it judges the table of the communes, whose rows are printed. Fewer than ten communes: the sentence of the
    refusal; a single one: nothing.
    """
    known = diagnosis.communes.dropna(subset=[INSIDE, BASE])
    known = known[known[BASE] > 0].sort_values(BASE, ascending=False)
    if len(known) < 2:
        return display.Silent()
    try:
        table = side_by_side.places("proportion", known[INSIDE], known[BASE], territory=list(known["name"]))
    except NotComputable as refused:
        why = f"Part de 65 ans et plus rapprochée et entonnoir des communes : {french.first_lower(str(refused))}"
        return display.to_verify(display.text(why))
    out = int(table["verdict"].str.startswith(comparison.FAR_OUTSIDE).sum())
    near = [side_by_side.with_limits(row) for row in table.to_dict("records")]
    shown = display.table(
        table.assign(near=near, base=table["denominator"])[list(HEADS_FR)],
        f"65 ans et plus : {out} des {len(table)} communes à part, une fois leur taille comptée", heads=HEADS_FR,
        decimals={"base": 0, "raw": 1}, name="communes_rapprochees", source="INSEE, recensement 2021", note=NOTE_FR, long=table,
    )  # fmt: skip
    return display.to_verify(
        display.Shown(shown.html + display.text(side_by_side.sentence(table)).html, table)
    )
