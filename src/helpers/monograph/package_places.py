"""The CPTS of a package beside each other: raw and shrunken values of one period, and an action begun at different dates."""

from __future__ import annotations

import pandas as pd

from helpers import french
from helpers.catalog import Study
from helpers.errors import NotComputable
from helpers.methods import basis, comparison, controlled, protection, side_by_side, trends
from helpers.methods.measured import STATISTICS, digits
from helpers.monograph import package_trends, register
from helpers.page import display
from helpers.page.display import Shown

PLACES_FR = {
    "label": "Indicateur", "name": "CPTS", "period": "Période", "raw": "Valeur brute", "near": "Valeur rapprochée",
    "verdict": "Entonnoir",
}  # fmt: skip
EVENTS_FR = {
    "label": "Indicateur", "sides": "CPTS avec, sans l'action (au moins)", "effect": "Écart au témoin, après le début",
    "before": "Écarts d'avant", "verdict": "Ce que l'on peut dire",
}  # fmt: skip
SAID_FR = {
    controlled.EFFECT: "écart au témoin, aucun visible avant : compatible avec un effet, qu'une comparaison ne prouve pas",
    controlled.NO_EFFECT: "pas d'écart que le hasard n'explique",
    controlled.DIFFERENT_BEFORE: "aucune conclusion : les évolutions différaient déjà avant l'action",
    controlled.UNKNOWN_BEFORE: "aucune conclusion : rien ne dit si les évolutions d'avant se ressemblaient",
}
SOURCE = "votre paquet, cpts/indicators et cpts/actions"


def shown(study: Study) -> Shown:
    """Both comparisons of a user's package, each as a table or as the sentence of its refusal; nothing for a single CPTS."""
    listed = study.table("cpts/cpts", optional=True)
    if not register.is_users(study) or len(listed) < 2:
        return display.Silent()
    about, table = package_trends.measures(study)
    own = listed.set_index("cpts")["name_fr"]
    mine = table[table["territory"].isin(own.index)] if len(table) else table
    if mine.empty:
        return display.Silent()
    parts = [_beside(mine, own), _events(mine, about, own, study.table("cpts/actions", optional=True))]
    return Shown("".join(part.html for part in parts))


def _beside(mine: pd.DataFrame, own: pd.Series[str]) -> Shown:
    """Last period of each proportion or rate, CPTS by CPTS, raw and shrunken."""
    tables, refused, said = [], "", []
    for _, rows in mine[mine["kind"].isin(STATISTICS)].groupby("indicator", sort=False):
        last = rows[rows["period_end"] == rows["period_end"].max()].dropna(
            subset=["value", "numerator", "denominator"]
        )
        first = rows.iloc[0]
        try:
            found = side_by_side.places(
                STATISTICS[first["kind"]], last["numerator"].to_numpy(), last["denominator"].to_numpy(),
                per=float(first["per"]), territory=[str(own[code]) for code in last["territory"]],
            )  # fmt: skip
        except NotComputable as refusal:
            refused = refused or f"« {first['label_fr']} » : {french.first_lower(str(refusal))}"
            continue
        said.append(f"{first['label_fr']}. {side_by_side.sentence(found)}")
        tables.append(
            found.assign(
                label=first["label_fr"], name=found["territory"], period=f"{last['period_end'].iloc[0]:%Y}",
                near=[side_by_side.with_limits(row) for row in found.to_dict("records")],
                raw=found["raw"].map(lambda value: french.number(value, digits(value))),
            )
        )  # fmt: skip
    if not tables:
        return display.text(f"Valeurs rapprochées et entonnoir des CPTS : {refused}" if refused else "")
    whole = pd.concat(tables, ignore_index=True)
    note = f"entre crochets, 95 % ; {basis.REPEATED_FR} ; {protection.NOTE_FR}"
    beside = display.table(
        whole[list(PLACES_FR)], "Vos CPTS : la valeur brute et celle que les autres rendent plausible", heads=PLACES_FR,
        name="cpts_rapprochees", source=SOURCE, note=note, long=whole, open_rows=10,
    )  # fmt: skip
    return Shown(beside.html + "".join(display.text(one).html for one in said))


def _events(mine: pd.DataFrame, about: pd.DataFrame, own: pd.Series[str], log: pd.DataFrame) -> Shown:
    """Each indicator that dated actions of the CPTS aim at: those that began against those that had not."""
    rows, refused, long = [], [], []
    for code, actions in log.dropna(subset=["indicator", "date_start"]).groupby("indicator", sort=False):
        label = str(about["label_fr"].get(code, code))
        try:
            found = trends.event_study(panel(mine[mine["indicator"] == code], actions), indicator=label)
        except NotComputable as refusal:
            refused.append(str(refusal).replace(label, f"« {label} »", 1))
            continue
        long.append(found)
        last = found[found["elapsed"].isna()].iloc[0]
        earlier = found[found["elapsed"] < 0]
        worst = earlier.loc[earlier["p_value"].idxmin()] if len(earlier) else None
        rows.append(
            {
                "label": label, "sides": f"{last['territories']}, {last['controls']}", "effect": side_by_side.with_limits(last),
                "before": "aucun à vérifier" if worst is None else f"le plus net : {side_by_side.with_limits(worst)}",
                "verdict": SAID_FR[str(last["verdict"])],
            }
        )  # fmt: skip
    why = f"Avant et après une action, entre vos CPTS : {' '.join(refused)}" if refused else ""
    if not rows:
        return display.text(why)
    table = display.table(
        pd.DataFrame(rows), "Une action commencée à des dates différentes, entre vos CPTS", heads=EVENTS_FR,
        name="etude_evenement", source=SOURCE, long=pd.concat(long, ignore_index=True),
        note="Callaway et Sant'Anna (2021) ; début : l'année où commence la première action qui vise l'indicateur ; témoins : "
        f"celles qui ne l'ont pas encore commencée ; {comparison.false_alarms_sentence(len(rows))}".rstrip("."),
    )  # fmt: skip
    return Shown(table.html + display.text(why).html)


def panel(values: pd.DataFrame, actions: pd.DataFrame) -> pd.DataFrame:
    """Values of one indicator by CPTS and year, with the year of the first action that aims at it: rows of `trends.event_study`.

    Takes rows of `indicators.measures` of the CPTS, and their dated actions. Kept: the years that most CPTS have, then the CPTS
    that have them all, so that a CPTS joined lately does not take the others away.
    """
    dated = values.dropna(subset=["value", "period_end"])
    wide = dated.assign(year=dated["period_end"].dt.year).pivot_table(
        index="territory", columns="year", values="value", aggfunc="last"
    )
    wide = wide.loc[:, wide.notna().mean() > 0.5].dropna()
    start = actions.groupby("cpts")["date_start"].min().dt.year.astype(float)
    rows = wide.rename_axis(columns="period").stack().rename("value").reset_index()
    return rows.assign(start=rows["territory"].map(start))
