"""Joint display: what people say of a theme and what an indicator of it shows, on one territory, side by side.

After Guetterman, Fetters and Creswell (2015). The rule of the verdict is ours, fixed and said:

- the statements lean "plutôt levier" when more are levers than obstacles, "plutôt obstacle" when fewer, from at least
  `minimum` levers and obstacles together; neutral statements and proposals are counted and do not lean;
- the indicator is "favorable" or "défavorable" when its whole interval lies on one side of the reference; without interval,
  by its value alone, which `basis` says;
- both lean the same way: convergence; opposite ways: divergence; one of them does not lean: silence, with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers import french
from helpers.errors import DataError
from helpers.material.corpus import VALENCES
from helpers.methods import measured

CONVERGENCE, DIVERGENCE, SILENCE = "convergence", "divergence", "silence"
LEVER, OBSTACLE = "levier", "obstacle"
DIRECTIONS = ("hausse", "baisse", "neutre")
BY_INTERVAL, BY_VALUE = "intervalle", "valeur seule"
HEADS_FR = {
    "theme": "Thème",
    "territory": "Territoire",
    "statements": "Propos",
    "indicator": "Indicateur",
    "measure": "Valeur, base, repère",
    "verdict": "Verdict",
    "reason": "Pourquoi",
}


def counts(statements: pd.DataFrame) -> pd.DataFrame:
    """Statements by theme and territory: levier, obstacle, neutre, proposition, n (statements), sources (distinct).

    Takes one row per statement: `statement`, `theme`, `territory`, `valence`, `source`. A statement given twice counts once; a
    valence that is missing, or on which two coders disagree, is counted in `n` only. Raises DataError for a valence that
    is none of VALENCES.
    """
    strange = sorted(set(statements["valence"].dropna()) - set(VALENCES))
    if strange:
        raise DataError(f"La tonalité « {strange[0]} » n'est pas l'une de : {', '.join(VALENCES)}.")
    key = ["statement", "theme", "territory"]
    given = statements.groupby(key)["valence"]
    agreed = given.transform("first").where(given.transform("nunique") == 1)
    once = statements.assign(valence=agreed).drop_duplicates(key)
    rows = []
    for (theme, territory), own in once.groupby(["theme", "territory"], sort=False):
        row = {"theme": theme, "territory": territory}
        row |= {valence: int((own["valence"] == valence).sum()) for valence in VALENCES}
        rows.append({**row, "n": len(own), "sources": int(own["source"].nunique())})
    return pd.DataFrame(rows, columns=["theme", "territory", *VALENCES, "n", "sources"])


def display(statements: pd.DataFrame, indicators: pd.DataFrame, *, minimum: int = 1) -> pd.DataFrame:
    """Theme × territory with statements, indicator and verdict: one row per pair that either side knows.

    `statements` as in `counts`. `indicators`: theme, territory, indicator (French name), value, lower, upper, numerator,
    denominator, reference, direction ("hausse", "baisse" or "neutre": the move that is wished), unit, note; at most one row
    per theme and territory. `minimum` is the least number of levers and obstacles that may lean. Raises DataError for a
    direction that is none, or two rows for one theme, indicator and territory.
    """
    strange = sorted(set(indicators["direction"].dropna()) - set(DIRECTIONS))
    if strange:
        raise DataError(f"Le sens « {strange[0]} » n'est pas l'un de : {', '.join(DIRECTIONS)}.")
    twice = indicators.duplicated(["theme", "indicator", "territory"])
    if twice.any():
        row = indicators[twice].iloc[0]
        raise DataError(
            f"L'indicateur « {row['indicator']} » a deux valeurs pour « {row['territory']} » : gardez une seule période."
        )
    table = counts(statements).merge(indicators, on=["theme", "territory"], how="outer", sort=False)
    table[[*VALENCES, "n", "sources"]] = table[[*VALENCES, "n", "sources"]].fillna(0).astype(int)
    judged = [_verdict(row, minimum) for row in table.to_dict("records")]
    table["verdict"], table["reason"], table["basis"] = zip(*judged, strict=True) if judged else ((), (), ())
    # CPTS2 before CPTS10.
    order = table.assign(length=table["territory"].astype("string").str.len())
    return table.loc[order.sort_values(["theme", "length", "territory"], kind="stable").index].reset_index(
        drop=True
    )


def _verdict(row: Mapping[str, object], minimum: int) -> tuple[str, str, str]:
    said, why_said = lean(
        int(str(row[LEVER])), int(str(row[OBSTACLE])), n=int(str(row["n"])), minimum=minimum
    )
    shown, why_shown, basis = side(row)
    if not said or not shown:
        return SILENCE, " ; ".join(filter(None, (why_said, why_shown))), ""
    agree = (said == LEVER) == (shown == "favorable")
    word = "plutôt des leviers" if said == LEVER else "plutôt des obstacles"
    alone = " (un seul propos)" if int(str(row[LEVER])) + int(str(row[OBSTACLE])) == 1 else ""
    return (CONVERGENCE if agree else DIVERGENCE), f"{word}{alone}, indicateur {shown} ({basis})", basis


def lean(levers: int, obstacles: int, *, n: int, minimum: int = 1) -> tuple[str, str]:
    """Side to which statements lean (LEVER, OBSTACLE or none) and, when none, why."""
    if n == 0:
        return "", "aucun propos"
    if levers + obstacles == 0:
        return "", "propos neutres ou propositions"
    if levers + obstacles < minimum:
        return "", f"moins de {minimum} leviers et obstacles"
    if levers == obstacles:
        return "", "autant de leviers que d'obstacles"
    return (LEVER if levers > obstacles else OBSTACLE), ""


def side(row: Mapping[str, object]) -> tuple[str, str, str]:
    """Side of an indicator: "favorable", "défavorable" or none, why none, and on what basis (interval or value alone)."""
    value, low, high, reference = (float(str(row[key])) for key in ("value", "lower", "upper", "reference"))
    if pd.isna(row["indicator"]):
        return "", "aucun indicateur", ""
    if pd.isna(value):
        return "", str(row["note"]) if pd.notna(row["note"]) and row["note"] else "valeur absente", ""
    if pd.isna(reference):
        return "", "aucun repère", ""
    if row["direction"] not in ("hausse", "baisse"):
        return "", "aucun sens souhaité", ""
    basis = BY_VALUE if pd.isna(low) or pd.isna(high) else BY_INTERVAL
    if basis == BY_VALUE:
        low = high = value
    if low <= reference <= high:
        return "", "indicateur non distinct du repère", ""
    higher = low > reference
    return ("favorable" if higher == (row["direction"] == "hausse") else "défavorable"), "", basis


def readable(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of `display` in words: counts with their sources, value with interval, base and reference.

    Never a percentage of statements: they are few and chosen.
    """
    rows = table.to_dict("records")
    return pd.DataFrame(
        {
            "theme": table["theme"], "territory": table["territory"], "statements": [_said(row) for row in rows],
            "indicator": table["indicator"].fillna("—"), "measure": [_measure(row) for row in rows],
            "verdict": table["verdict"], "reason": table["reason"],
        }
    )  # fmt: skip


def _said(row: Mapping[str, object]) -> str:
    if not row["n"]:
        return "aucun propos"
    parts = [french.plural(int(str(row[valence])), valence) for valence in VALENCES if row[valence]]
    silent = int(str(row["n"])) - sum(int(str(row[valence])) for valence in VALENCES)
    parts += [f"{silent} sans tonalité"] if silent else []
    return f"n = {row['n']} ({', '.join(parts)}), {french.plural(int(str(row['sources'])), 'source')}"


def _measure(row: Mapping[str, object]) -> str:
    value, low, high, up, down, reference = (
        float(str(row[key])) for key in ("value", "lower", "upper", "numerator", "denominator", "reference")
    )
    if pd.isna(value):
        return "—" if pd.isna(row["note"]) or not row["note"] else str(row["note"])
    unit = f" {row['unit']}" if pd.notna(row["unit"]) else ""
    digits = measured.digits(value)
    told = french.number(value, digits) + unit
    told += "" if pd.isna(low) else f" [{french.number(low, digits)} ; {french.number(high, digits)}]"
    base = "effectifs non publiés" if pd.isna(down) else f"{french.number(up)} sur {french.number(down)}"
    beside = "sans repère" if pd.isna(reference) else f"repère {french.number(reference, 1)}"
    return f"{told} ; {base} ; {beside}"


def own_statements(segments: pd.DataFrame, definitions: pd.DataFrame) -> pd.DataFrame:
    """Statements of the user's material that name an indicator and a territory: the theme is the indicator's French name.

    Takes `material/segments` and `cpts/indicator_definitions`. Segments without indicator or territory are left out.
    """
    kept = segments[segments["indicator"].notna() & segments["territory"].notna()]
    names = definitions.set_index("indicator")["label_fr"]
    return pd.DataFrame(
        {
            "statement": kept["source"] + " " + kept["start"].astype("string").fillna(kept["segment"]),
            "theme": kept["indicator"].map(names).fillna(kept["indicator"]), "territory": kept["territory"],
            "valence": kept["valence"], "source": kept["source"],
        }
    )  # fmt: skip


def own_indicators(
    values: pd.DataFrame, definitions: pd.DataFrame, *, confidence: float = 0.95
) -> pd.DataFrame:
    """Last value of each indicator of the user with its interval and the benchmark's value at the same period.

    Takes `cpts/indicators` and `cpts/indicator_definitions`; each row is measured by `measured.measure`, masked, and `note` says
    why a value is missing. The territory of comparison has no row of its own. Raises NotComputable for an
    indicator without definition.
    """
    measured.defined(definitions, values)
    known = definitions.set_index("indicator")
    rows = []
    for (code, territory), own in values.groupby(["indicator", "territory"], sort=False):
        definition = known.loc[code]
        if pd.notna(definition["benchmark"]) and territory == definition["benchmark"]:
            continue
        last = own.sort_values("period_start").iloc[-1]
        found = _measured(last, definition, confidence)
        same = values[
            (values["indicator"] == code)
            & (values["territory"] == definition["benchmark"]).fillna(value=False)
            & (values["period_start"] == last["period_start"])
        ]
        reference = _measured(same.iloc[0], definition, confidence)["value"] if len(same) else float("nan")
        rows.append(
            {
                "theme": definition["label_fr"], "territory": territory, "indicator": definition["label_fr"], **found,
                "reference": reference, "direction": definition["direction"], "unit": definition["unit"],
            }
        )  # fmt: skip
    return pd.DataFrame(rows, columns=INDICATOR_COLUMNS)


INDICATOR_COLUMNS = [
    "theme", "territory", "indicator", "value", "lower", "upper", "numerator", "denominator", "note", "reference", "direction",
    "unit",
]  # fmt: skip


def _measured(row: pd.Series[object], definition: pd.Series[object], confidence: float) -> dict[str, object]:
    found = measured.measure(row.to_dict(), definition.to_dict(), confidence=confidence, masked=True)
    numbers = {name: found[name] for name in ("value", "lower", "upper", "numerator", "denominator")}
    return numbers | {"note": found["refusal"] if pd.isna(found["value"]) else ""}
