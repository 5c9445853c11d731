"""What the documents say of their own coded material, "most", "several", "all", against what they print of it.

Interviews are not published: a quantifier is counted on the printed extracts, the cited links or the coded testimonies. A smaller
count does not contradict the author; it says how far the printed material goes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from helpers import french
from helpers.catalog import Study
from helpers.documents.claims import Recomputed
from helpers.documents.intervals import Bounds
from helpers.documents.reproductions.cells import Cells


def _citing(study: Study, themes: Collection[str], column: str = "interview") -> set[str]:
    """Interviews (or families of interviewees) cited under themes of the Lainé dissertation."""
    cited = Cells("laine2021/citations", study).rows(theme=themes)["interview"]
    if column == "interview":
        return set(cited)
    people = Cells("laine2021/interviews", study).rows(interview=set(cited))
    return set(people[column])


def laine2021(study: Study) -> Recomputed:
    """Interviews, families of interviewees, cited where the prose says repeatedly, agents of both institutions, or some.

    The transcripts are not published, but for one (annex 3): those cited are a lower bound.
    """
    institutions = {"assurance_maladie", "ars"}
    levers = ("am_levier_data", "am_levier_terrain")
    pressure = _citing(study, ("pression_objectifs",))
    people = Cells("laine2021/interviews", study)
    interviews, holders = people.count(), people.count(family="cpts")
    return {
        "coding.laine2021.roles": _at_least(_citing(study, ("am_perimetre",)), interviews, "entretiens"),
        "coding.laine2021.emergence": _at_least(
            _citing(study, ("fed_cpam_retrait",)), interviews, "entretiens"
        ),
        "coding.laine2021.leviers_distincts": _at_least(
            _citing(study, levers, "family") & institutions, len(institutions), "institutions"
        ),
        "coding.laine2021.objectifs_agents": len(
            _citing(study, ("pression_objectifs",), "family") & institutions
        ),
        "coding.laine2021.objectifs_soignants": _at_least(
            set(people.rows(interview=pressure, family="cpts")["interview"]), holders, "porteurs"
        ),
    }


def _at_least(cited: Collection[object], studied: int, what: str) -> float | Bounds:
    """Those cited at least, all those met at most: what printed extracts let one say."""
    if len(cited) == studied:
        return float(studied)
    told = f"{french.number(len(cited))} sur {french.number(studied)} {what}"
    names = f" ({french.listing(sorted(map(str, cited)))})" if cited else ""
    return Bounds(
        float(len(cited)),
        float(studied),
        f"Extraits imprimés : {told}{names} ; les retranscriptions ne sont pas publiées.",
    )


def _quoted(study: Study, theme: str) -> set[str]:
    """CPTS quoted under a theme of the Miller thesis."""
    extracts = set(Cells("miller2022/verbatim_themes", study).rows(theme=theme)["verbatim_id"])
    return set(Cells("miller2022/verbatims", study).rows(verbatim_id=extracts)["cpts"])


def miller2022(study: Study) -> Recomputed:
    """CPTS quoted where the prose says several or most of those studied: a lower bound."""
    studied = Cells("miller2022/general", study).table["cpts"].nunique()
    directory = _quoted(study, "C28")
    return {
        "coding.miller2022.annuaire": Bounds(
            len(directory) / studied,
            1.0,
            f"CPTS citées à l'appui : {french.listing(sorted(directory))} ; les entretiens ne sont pas publiés.",
        ),
        "coding.miller2022.trio": _at_least(_quoted(study, "C40"), studied, "CPTS"),
    }


def fabrique2022(study: Study) -> Recomputed:
    """Testimonies printed where the prose says that many of them agree: a lower bound of those received."""
    printed = Cells("fabrique2022/testimonies", study)
    received = int(Cells("fabrique2022/survey_method", study, column="count").value(item="participants"))
    return {
        "coding.fabrique2022.exercice_coordonne": _at_least(
            set(printed.rows(theme="exercice_coordonne")["line"]), received, "témoignages, lignes"
        ),
        "coding.fabrique2022.formation": _at_least(
            set(printed.rows(section="formation")["line"]), received, "témoignages, par leur ligne"
        ),
    }


def aura2022(study: Study) -> Recomputed:
    """CPTS that work with a hospital (table VII and cited links)."""
    linked = set(Cells("aura2022/edges", study).rows(actor_type="hopital")["cpts"])
    listed = set(Cells("aura2022/establishments", study).rows(kind="hopital")["cpts"])
    return {
        "coding.aura2022.hopital": len(linked | listed),
    }


TOPICS: dict[str, Callable[[Study], Recomputed]] = {
    "laine2021": laine2021,
    "miller2022": miller2022,
    "fabrique2022": fabrique2022,
    "aura2022": aura2022,
}
