"""What the reports show of the material of a package, each count with its rule; silent (None) when there is nothing to show."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers import french
from helpers.material import agreement, codebook, corpus, counting, excerpts
from helpers.material.coefficients import ALPHA, RAW
from helpers.material.corpus import Material
from helpers.material.readable import MEASURES_FR, table_of_measures
from helpers.material.saturation import curve, presence_in
from helpers.methods.comparison import missed_sentence
from helpers.page import display, exports, figures, findings

SOURCE = "votre paquet de données"
NO_CURVE = "Moins de deux sources codées : pas de courbe de saturation."
NO_ATTRIBUTE = "Aucun attribut de source : la tonalité par rôle n'est pas montrée."
PAIRS_SHOWN = 20
# Of `crosswalk.PARTS`: obstacle, both, lever, as in the map of stances.
STANCE_COLORS = (figures.PALETTE[1], figures.PALETTE[2], figures.PALETTE[0])


def essential(material: Material, *, otherwise: Sequence[str]) -> display.Shown:
    """First sentences of a report: on the material of the package (codes most met, agreement, saturation), or `otherwise`.

    `otherwise` holds the sentences on the documents, which a package with material of its own does not open with.
    """
    sentences = list(otherwise)
    if not material.is_empty:
        sentences = [counting.leading_sentence(material), _agreement_sentence(material)]
        sentences += [f"{saturation_caption(material)}."] if len(material.sources) > 1 else []
        sentences.append(corpus.summary(material))
    return display.Shown("".join(display.text(sentence).html for sentence in sentences))


def summary(material: Material) -> display.Shown:
    """What the material is made of; nothing when there is none, so that its section is left out."""
    return display.text("" if material.is_empty else corpus.summary(material))


def short_form(material: Material) -> display.Shown:
    """Summary, segments of each code, tone by role, excerpts when it is diffusable; one sentence alone when there is none."""
    parts = [
        display.text(corpus.summary(material)),
        by_code(material),
        tones(material),
        excerpts.shown(material),
    ]
    found = parts[:1] if material.is_empty else parts
    return display.Shown("".join(part.html for part in found if part))


def by_code(material: Material) -> display.Shown | None:
    """Segments and sources of each code."""
    if material.is_empty:
        return None
    return display.table(
        counting.short(material), counting.rule("Segments par code"), heads={"code": "Code"}, name="materiau_codes",
        base=f"n = {french.plural(len(material.sources), 'source')}", source=SOURCE,
    )  # fmt: skip


def by_source(material: Material) -> figures.Figure | None:
    """Segments by code and source, codes in use, as a heat map."""
    if material.is_empty:
        return None
    return figures.heat_map(
        counting.wide(material, "code", "source", totals=False, used=True).rename(columns={"code": "Code"}),
        counting.rule("Segments par code et par source"), unit="segments", source=SOURCE,
    )  # fmt: skip


def by_attribute(material: Material) -> display.Shown | None:
    """Segments by code in use and value of every attribute of the sources, a table each."""
    if material.is_empty or not material.attribute_names:
        return None
    tables = [
        display.table(
            counting.wide(material, "code", "attribute", attribute=name, used=True),
            counting.rule(f"Segments par code selon « {corpus.attribute_title(name)} »"), heads={"code": "Code"}, source=SOURCE,
            note=_bases(material.attribute_values(name)), name=f"materiau_codes_attribut_{rank}",
        )
        for rank, name in enumerate(material.attribute_names, start=1)
    ]  # fmt: skip
    return display.Shown("".join(table.html for table in tables))


def tones(material: Material, *, attribute: str = "role") -> display.Shown | None:
    """Segments by valence and value of an attribute of the sources: `attribute` when they have it, else their first one."""
    if material.is_empty:
        return None
    if not material.attribute_names:
        return display.text(NO_ATTRIBUTE)
    chosen = attribute if attribute in material.attribute_names else material.attribute_names[0]
    title = corpus.attribute_title(chosen)
    return display.table(
        counting.wide(material, "attribute", "valence", attribute=chosen),
        f"Tonalité des segments selon « {title} » ({counting.CODERS_FR['together']})",
        heads={"attribute": title[:1].upper() + title[1:]}, name="materiau_tonalites", source=SOURCE,
        note="un segment de deux tonalités compte sous chacune, et une fois dans Segments",
    )  # fmt: skip


def together(material: Material) -> display.Shown | None:
    """Codes used together in the same segments, most frequent pairs first."""
    pairs = counting.cooccurrence(material)
    if pairs.empty:
        return None
    named = pairs.assign(
        first=pairs["first"].map(material.labels), second=pairs["second"].map(material.labels)
    )
    said = (
        f"les {PAIRS_SHOWN} paires les plus fréquentes sur {len(pairs)} ; "
        if len(pairs) > PAIRS_SHOWN
        else ""
    )
    return display.table(
        named.head(PAIRS_SHOWN), counting.rule("Codes présents dans les mêmes segments"), heads=counting.TOGETHER_HEADS_FR,
        decimals={"jaccard": 2}, name="materiau_cooccurrences", source=SOURCE, long=named,
        note=f"{said}Jaccard : segments des deux codes parmi ceux de l'un ou de l'autre ; "
        "un code et son parent sont laissés de côté",
    )  # fmt: skip


def saturation_curve(
    material: Material, *, confidence: float = 0.95
) -> figures.Figure | display.Shown | None:
    """Distinct codes after each source, or the sentence that one source makes no curve."""
    if material.is_empty:
        return None
    if len(material.sources) < 2:
        return display.text(NO_CURVE)
    return figures.accumulation(
        curve(presence_in(material), confidence=confidence), saturation_caption(material), label="source", seen="seen",
        mean="mean", lower="lower", upper="upper", unit="codes distincts", source=SOURCE,
        note=counting.PARENTS_FR["with"],
    )  # fmt: skip


def saturation_caption(material: Material) -> str:
    """Title of the curve: what the last source, or the last two of four and more, bring in new codes (two sources at least)."""
    seen = curve(presence_in(material))["seen"].astype(int).tolist()
    last = 2 if len(seen) > 3 else 1
    who = "La dernière source" if last == 1 else "Les deux dernières sources"
    new = seen[-1] - seen[-1 - last]
    verb = "apporte" if last == 1 else "apportent"
    if not new:
        return f"{who} n'{verb} aucun code nouveau sur {seen[-1]}"
    return f"{who} {verb} {french.plural(new, 'code nouveau', 'codes nouveaux')} sur {seen[-1]}"


def _agreement_sentence(material: Material) -> str:
    """How far the coders agree, code by code, raw and beyond chance; or that no source was coded by two."""
    if not agreement.comparable(material):
        return agreement.ONE_CODER
    measures = agreement.between_coders(material)
    named = measures.assign(label=[f"« {material.labels[code]} »" for code in measures["indicator"]])
    ends = {
        title: findings.spread(
            named[named["statistic"] == statistic], label="label", value="value", decimals=2
        )
        for title, statistic in (("accord brut", RAW), ("alpha", ALPHA))
    }
    # The other statistics count codings, not passages.
    units = int(measures.loc[measures["statistic"] == RAW, "denominator"].max())
    compared = french.plural(units, str(measures["unit_compared"].iloc[0]))
    said = " ; ".join(f"{title} {told}" for title, told in ends.items() if told)
    return f"{french.plural(len(material.coders), 'codeur')}, code par code, sur {compared} : {said}."


def coders_agreement(material: Material, *, confidence: float = 0.95) -> display.Shown | None:
    """Agreement of the coders, code by code, or the sentence that no source was coded by two."""
    if material.is_empty:
        return None
    if not agreement.comparable(material):
        return display.text(agreement.ONE_CODER)
    measures = agreement.between_coders(material, confidence=confidence)
    unit = measures["unit_compared"].iloc[0]
    return display.table(
        table_of_measures(measures, labels=material.labels), "Accord de vos codeurs, code par code", heads=MEASURES_FR,
        name="accord_materiau", source=SOURCE, long=measures,
        note=f"unité comparée : {unit} ; un code parent est là où sont ses enfants ; "
        f"{missed_sentence(int(measures['lower'].notna().sum()), confidence=confidence)}",
    )  # fmt: skip


def offered(book: pd.DataFrame, caption: str, *, name: str, source: str) -> display.Shown:
    """A codebook to take away: its codes and definitions, as rows of `material/codes` (CSV) and as REFI-QDA (`.qdc`).

    Takes rows of `material/codes`, as `codebook.as_package_rows` makes them.
    """
    labels_of = codebook.path_labels(book)
    rows = pd.DataFrame({"Code": book["code"].map(labels_of), "Définition": book["definition_fr"]})
    shown = display.table(rows, caption, source=source, name=name, workbook=False)
    files = [
        exports.link(exports.csv(book), exports.CSV_TYPE, f"{name}_codes.csv", "material/codes (CSV)"),
        exports.link(
            codebook.as_refi(book), "application/xml", f"{name}.qdc", "Livre de codes REFI-QDA (.qdc)"
        ),
    ]
    return display.Shown(shown.html + display.footer("", "à reprendre", files), rows)


def _bases(values: pd.Series[str]) -> str:
    sizes = values.value_counts().sort_index()
    return "sources : " + ", ".join(f"{value} {french.number(int(size))}" for value, size in sizes.items())
