"""The action log beside the indicators: what may be said of an action and of an indicator that moved, and what may not.

The link of an indicator is one of LINKS_FR, decided by these rules alone, on the actions that name the indicator:

1. an action without a start, or that begins after the last observed period, explains nothing of what was observed: not
   attributable;
2. an action is tested when the comparison computed from the data (`tested.against_benchmark`: before and after, here and in the
   benchmark, both alike until then) shows a difference in the wanted direction; a comparison that was only written down
   (`comparison_fr`) is quoted, and grants nothing;
3. else, an action with its own count above zero is known by it: those people or acts, whatever the indicator did;
4. else, an action is compatible when the indicator made a visible move in the wanted direction that ended on or after its start,
   unless the computed comparison finds that the benchmark moved alike;
5. else the move, or its absence, is not attributable.

The indicator takes the strongest link of its actions. A visible move in the wanted direction *precedes* an action when every such
move ended before the action began: it is flagged, and such a move never makes an action compatible.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers import french
from helpers.catalog import Study
from helpers.methods import controlled, disclosure, people, protection
from helpers.monograph import benchmark, chapters, register, tested

NOT_ATTRIBUTABLE, COMPATIBLE, COUNTED, TESTED = (
    "non attribuable", "compatible", "compte propre connu", "vérifié (comparaison)",
)  # fmt: skip
# Under every table that shows a link.
TESTED_NOTE_FR = "« vérifié » : comparaison calculée avec le repère de l'indicateur, au risque de 5 %"
UNDATED = "non précisé"
STAGES_FR = ("début de l'action", "fin de l'action", "période observée (fin)")
LINKS_FR = (NOT_ATTRIBUTABLE, COMPATIBLE, COUNTED, TESTED)


def load(cpts: str, study: Study) -> pd.DataFrame:
    """Action log of one CPTS in order of start; empty when the package has none. Raises UnknownName for an unknown CPTS.

    The log of a user has a column `hidden`: whether the own count may not be shown (`protection.protect`).
    """
    code = str(register.chosen(cpts, study)["cpts"])
    log = study.table("cpts/actions", optional=True)
    if register.is_users(study):
        secret = protection.protect(study).actions
        log = log.assign(hidden=[(action,) in secret for action in log["action"]])
    return log[log["cpts"] == code].sort_values("date_start", kind="stable").reset_index(drop=True)


def links(definitions: pd.DataFrame, measured: pd.DataFrame, log: pd.DataFrame, cpts: str) -> pd.DataFrame:
    """Link of each action to its indicator by the rules of this module: one row per action that names an indicator.

    Takes the definitions, the result of `indicators.measures`, the log. Returns `action`, `indicator`, `link` of LINKS_FR,
    `reason` (French), `precedes` (a visible wanted move ended before the action began), `compared` (whether a comparison with
    the benchmark was computed and concludes).
    """
    moved = benchmark.moves(measured, cpts)
    ends = (
        measured[measured["territory"] == cpts].groupby("indicator")["period_end"].max()
        if len(measured)
        else {}
    )
    wanted = dict(zip(definitions["indicator"], definitions["direction"], strict=True))
    rows = []
    for action in log.dropna(subset=["indicator"]).to_dict("records"):
        code = action["indicator"]
        seen = moved[(moved["indicator"] == code) & moved["visible"].eq(True).fillna(False)]
        wished = [_is_wanted(move, wanted.get(code, "neutre")) for move in seen["move"]]
        seen = seen[pd.Series(wished, index=seen.index, dtype=bool)]
        start = action["date_start"]
        precedes = len(seen) > 0 and bool((seen["end"] < start).all())
        about = definitions[definitions["indicator"] == code]
        compared = (
            tested.against_benchmark(action, about.iloc[0].to_dict(), measured, cpts) if len(about) else None
        )
        link, reason = _link(action, ends.get(code, pd.NaT), seen, precedes)
        if link != NOT_ATTRIBUTABLE or (
            pd.notna(start) and pd.notna(ends.get(code, pd.NaT)) and start <= ends[code]
        ):
            link, reason = _by_comparison(link, reason, compared, wanted.get(code, "neutre"))
            if pd.notna(action["comparison_fr"]) and link != TESTED:
                reason += f" ; comparaison déclarée, non recalculée : {action['comparison_fr']}"
        rows.append(
            {
                "action": action["action"],
                "indicator": code,
                "link": link,
                "reason": reason,
                "precedes": precedes,
                "compared": compared is not None
                and compared.verdict in (controlled.EFFECT, controlled.NO_EFFECT),
            }
        )
    return pd.DataFrame(rows, columns=["action", "indicator", "link", "reason", "precedes", "compared"])


def _is_wanted(move: float, direction: str) -> bool:
    # Without an agreed direction, any visible move counts.
    return {"hausse": move > 0, "baisse": move < 0}.get(direction, move != 0)


def _link(action: Mapping[str, Any], last: Any, seen: pd.DataFrame, precedes: bool) -> tuple[str, str]:
    start = action["date_start"]
    if pd.isna(last):
        return NOT_ATTRIBUTABLE, "l'indicateur n'a pas de période datée"
    if pd.isna(start):
        return NOT_ATTRIBUTABLE, "la date de début de l'action n'est pas donnée"
    if start > last:
        return NOT_ATTRIBUTABLE, "l'action commence après la dernière période observée"
    if pd.notna(action["own_count"]) and action["own_count"] > 0:
        return COUNTED, "ce compte ne dit rien du mouvement de l'indicateur"
    if (seen["end"] >= start).any():
        return (
            COMPATIBLE,
            "un mouvement visible, dans le sens souhaité, se termine après le début de l'action",
        )
    if precedes:
        return NOT_ATTRIBUTABLE, "le mouvement visible se termine avant le début de l'action"
    return NOT_ATTRIBUTABLE, "aucun mouvement visible dans le sens souhaité depuis le début de l'action"


def _by_comparison(
    link: str, reason: str, compared: tested.Compared | None, direction: str
) -> tuple[str, str]:
    """Link and reason once the computed comparison has spoken."""
    if compared is None:
        return link, reason
    if compared.verdict == controlled.EFFECT and _is_wanted(compared.direction, direction):
        return TESTED, compared.said
    concludes = compared.verdict in (controlled.EFFECT, controlled.NO_EFFECT)
    if concludes and link != COUNTED:
        said = (
            compared.said
            if compared.verdict == controlled.NO_EFFECT
            else f"écart non souhaité : {compared.said}"
        )
        return NOT_ATTRIBUTABLE, said
    return link, f"{reason} ; {compared.said}"


def by_indicator(definitions: pd.DataFrame, linked: pd.DataFrame) -> pd.DataFrame:
    """Strongest link of each indicator: `indicator`, `link`, `actions` (number), `reason`, `precedes` (for any action).

    An indicator that no action names is not attributable.
    """
    rank = {link: position for position, link in enumerate(LINKS_FR)}
    rows = []
    for code in definitions["indicator"]:
        own = linked[linked["indicator"] == code]
        if own.empty:
            row = {
                "link": NOT_ATTRIBUTABLE,
                "reason": "aucune action du journal ne vise cet indicateur",
                "precedes": False,
            }
        else:
            best = own.loc[own["link"].map(rank).idxmax()]
            row = {"link": best["link"], "reason": best["reason"], "precedes": bool(own["precedes"].any())}
        rows.append({"indicator": code, "actions": len(own), **row})
    return pd.DataFrame(rows, columns=["indicator", "link", "actions", "reason", "precedes"])


def shown_count(action: Mapping[str, Any], *, masked: bool) -> str:
    """Own count of an action for readers; "inconnu" when it is not given. A zero is shown as zero.

    With `masked`, small ones and those marked `hidden` are masked, the others are rounded (`people.coarse`).
    """
    count = action["own_count"]
    if pd.isna(count):
        return "inconnu"
    if masked and (people.small(count) or action.get("hidden")):
        return disclosure.MASKED
    count = people.coarse(float(count)) if masked else count
    unit = "" if pd.isna(action["own_unit"]) else f" {action['own_unit']}"
    return f"{french.number(int(count))}{unit}"


def for_readers(
    definitions: pd.DataFrame, log: pd.DataFrame, linked: pd.DataFrame, *, masked: bool = False
) -> pd.DataFrame:
    """The log as a table of French words: action, mission, dates, group, own count, indicator, link, reason."""
    labels = dict(zip(definitions["indicator"], definitions["label_fr"], strict=True))
    found = linked.set_index("action") if len(linked) else linked
    rows = []
    for action in log.to_dict("records"):
        tied = action["action"] in found.index
        aimed = pd.notna(action["indicator"])
        flag = tied and bool(found.loc[action["action"], "precedes"])
        rows.append(
            {
                "Action": action["label_fr"],
                "Mission": chapters.missions()[action["mission"]],
                "Début": UNDATED
                if pd.isna(action["date_start"])
                else french.date(action["date_start"].date()),
                "Fin": "en cours" if pd.isna(action["date_end"]) else french.date(action["date_end"].date()),
                "Public visé": "non précisé" if pd.isna(action["target_group"]) else action["target_group"],
                "Compte propre": shown_count(action, masked=masked),
                "Indicateur visé": labels.get(action["indicator"], str(action["indicator"]))
                if aimed
                else "aucun",
                "Lien": found.loc[action["action"], "link"] if tied else NOT_ATTRIBUTABLE,
                "Pourquoi": (
                    found.loc[action["action"], "reason"] if tied else "l'action ne vise aucun indicateur"
                )
                + (" ; mouvement antérieur à l'action" if flag else ""),
            }
        )
    return pd.DataFrame(rows)


def steps(log: pd.DataFrame, measured: pd.DataFrame, cpts: str) -> pd.DataFrame:
    """Dates for the timeline: start and end of each action, then end of each observed period of the indicators they aim at.

    Columns `label`, `stage`, `date`.
    """
    rows = []
    for action in log.to_dict("records"):
        rows += [
            {"label": action["label_fr"], "stage": stage, "date": action[column]}
            for stage, column in zip(STAGES_FR, ("date_start", "date_end"), strict=False)
            if pd.notna(action[column])
        ]
    own = measured[measured["territory"] == cpts] if len(measured) else measured
    for code in log["indicator"].dropna().drop_duplicates():
        for point in (
            own[own["indicator"] == code].dropna(subset=["period_end"]).to_dict("records") if len(own) else ()
        ):
            rows.append({"label": point["label_fr"], "stage": STAGES_FR[2], "date": point["period_end"]})
    return pd.DataFrame(rows, columns=["label", "stage", "date"])
