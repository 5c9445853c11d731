"""Figures of a diagnosis: each title says what the figure shows of this territory, computed like the figure itself."""

from __future__ import annotations

import math

import pandas as pd

from helpers import french
from helpers.page import display, figures
from helpers.territory import outlines, population, references
from helpers.territory.diagnosis import telling
from helpers.territory.diagnosis.results import REFERENCES, Diagnosis, is_whole, named, unknown_people

_AGES = {"under_20": "moins de 20 ans", "aged_20_64": "20 à 64 ans", "over_65": "65 ans et plus"}
# A change may be negative or nearly zero, and a density ten times another: one would say nothing, the other hides the rest.
MOST = 12  # rows of the figure of gaps
_NO_INDEX = ("growth", "density")


def outline_map(diagnosis: Diagnosis) -> figures.Figure | display.Shown:
    """Map of the annual change of the population by commune, the communes around in grey."""
    table = population.by_commune(diagnosis.communes, start=diagnosis.start)
    drawn = outlines.rings(table["code"])
    if not drawn or unknown_people(diagnosis):
        return display.text("Carte : aucun contour ou aucune population pour ces communes.")
    return figures.outline_map(
        table, _growth_said(table, diagnosis.start, telling.kind(diagnosis.communes)), code="code", label="name",
        value="growth", unit="% par an", outlines=drawn, beside=outlines.rings(outlines.around(table["code"])),
        around_zero=0.2, source="INSEE, populations légales ; IGN, ADMIN EXPRESS",
    )  # fmt: skip


def _growth_said(table: pd.DataFrame, start: int, noun: str) -> str:
    known = table.dropna(subset=["growth"]).sort_values("growth")
    if known.empty:
        return "Évolution de la population des communes"
    low, high = known.iloc[0], known.iloc[-1]
    if len(known) == 1:
        return f"{high['name']} : {french.signed(high['growth'], 1)} % d'habitants par an de {start} à 2023"
    more = int((known["growth"] > 0).sum())
    gain = (
        f"{french.plural(more, noun)} sur {len(known)} {'gagnent' if more > 1 else 'gagne'} des habitants"
        if more
        else f"Auc{'un' if noun == 'arrondissement' else 'une'} des {len(known)} {noun}s ne gagne d'habitants"
    )
    return (
        f"{gain} de {start} à 2023 : "
        f"de {french.signed(low['growth'], 1)} % par an ({low['name']}) à {french.signed(high['growth'], 1)} % ({high['name']})"
    )


def around(diagnosis: Diagnosis) -> list[tuple[str, str]]:
    """One département, one region and France, those where most people live: more lines would hide the one that matters."""
    found = [next(key for key in diagnosis.keys if key[0] == level) for level in REFERENCES]
    # An overseas département is its region, under the same name: it is told once.
    once = {named(key): key for key in reversed(found) if not is_whole(diagnosis.place, key)}
    return list(reversed(once.values()))


def curve(diagnosis: Diagnosis) -> figures.Figure | display.Shown:
    """Change of the population of the territory and its references since its first year, in percent."""
    if unknown_people(diagnosis):
        return display.text("Série de population inconnue pour ces communes.")
    table = population.series(
        diagnosis.communes, diagnosis.name_fr, around(diagnosis), start=diagnosis.start
    ).dropna(subset=["index"])
    if table.empty:
        return display.text(
            "Série de population : les limites de ces communes ont changé, leur passé n'est pas connu."
        )
    dated = table.assign(date=pd.to_datetime(table["year"].astype(str)), change=table["index"] - 100)
    last = dated.groupby("territory", sort=False)["change"].last()
    others = [
        f"{name} {french.signed(value, 1)} %" for name, value in last.items() if name != diagnosis.name_fr
    ]
    own = last.get(diagnosis.name_fr, float("nan"))
    said = (
        "de passé inconnu"
        if math.isnan(own)
        else f"{french.signed(own, 1)} % d'habitants depuis {diagnosis.start}"
    )
    return figures.trends(
        dated, f"{diagnosis.name_fr} : {said} ({french.listing(others)})", date="date", value="change", series="territory",
        unit="%", source="INSEE, populations légales, limites de 2025",
    )  # fmt: skip


def ages(diagnosis: Diagnosis) -> figures.Figure | display.Shown:
    """Three age groups of the territory and of its references."""
    keys = around(diagnosis)
    table = pd.DataFrame(
        [
            {"territory": diagnosis.name_fr if key is None else named(key)}
            | {label: french.rounded(diagnosis.value(code, key), 1) for code, label in _AGES.items()}
            for key in (None, *keys)
        ]
    )
    if table[list(_AGES.values())].iloc[0].isna().any():
        return display.text("Âges inconnus pour ces communes.")
    shares = [
        f"{french.percent(diagnosis.value('over_65', key))} ({diagnosis.name_fr if key is None else named(key)})"
        for key in (None, *keys)
    ]
    return figures.stacked_bars(
        table, f"65 ans et plus en 2021 : {french.listing(shares)}", label="territory", parts=list(_AGES.values()), unit="%",
        source="INSEE, recensement 2021", note="parts arrondies au dixième",
    )  # fmt: skip


def spine(diagnosis: Diagnosis) -> figures.Figure | display.Shown:
    """Each ratio of the territory, and of what surrounds it, against its reference, which is 100: neither rank nor fault."""
    rows = diagnosis.rows
    own = (rows["level"] == references.TERRITORY) & (rows["method"] == "rapport de sommes")
    rows = rows[own & rows["value"].notna() & ~rows["code"].isin(_NO_INDEX)]
    base = pd.Series([diagnosis.value(code, diagnosis.against) for code in rows["code"]], index=rows.index)
    table = pd.DataFrame({"label": rows["indicator"], "index": 100 * rows["value"] / base.where(base > 0)})
    others = {named(key): key for key in around(diagnosis) if key != diagnosis.against}
    for name, key in others.items():
        table[name] = [100 * diagnosis.value(code, key) for code in rows["code"]] / base
    table = table.dropna(subset=["index"])
    widest = (table["index"] - 100).abs().sort_values(ascending=False).index[:MOST]
    table, left = table.loc[table.index.isin(widest)], len(table) - len(widest)
    if table.empty:
        return display.text("Écarts à la référence : aucun rapport n'est connu pour ces communes.")
    name = named(diagnosis.against)
    return figures.dots(
        table, _gap_said(table, name), label="label", value="index", benchmark=100.0, benchmark_label=name,
        others=list(others), own=diagnosis.name_fr, unit=f"indice, {name} = 100", source="sources en fin de page",
        note="l'ordre des lignes n'est pas un rang, un écart n'est ni bon ni mauvais"
        + (f" ; {french.plural(left, 'écart plus étroit', 'écarts plus étroits')} : dans le tableau" if left > 0 else ""),
    )  # fmt: skip


def _gap_said(table: pd.DataFrame, name: str) -> str:
    """The widest gap to the reference, in words."""
    widest = table.loc[(table["index"] - 100).abs().idxmax()]
    gap = float(widest["index"]) - 100
    if round(gap) == 0:
        return f"Aucun indicateur ne s'écarte d'un pour cent de la référence ({name})"
    label = str(widest["label"])
    return (
        f"L'écart le plus large avec la référence ({name}) : {label[0].lower()}{label[1:]}, {french.percent(abs(gap), 0)} "
        f"{'au-dessus' if gap > 0 else 'au-dessous'}"
    )
