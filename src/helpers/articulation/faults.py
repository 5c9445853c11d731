"""What is wrong in a register of perimeters: one French sentence per fault, with the lines of the file."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from helpers import french
from helpers.articulation.perimeters import CLOSED, PROJECT
from helpers.catalog import listed
from helpers.territory.communes import of_any_time

BLOCKING, TO_CHECK = "ligne écartée", "à vérifier"
HEADS_FR = {"line": "Ligne", "severity": "Suite donnée", "fault": "Défaut"}
Fault = tuple[int, str, str]
_ALWAYS = pd.Timestamp("2999-12-31")


def found(register: pd.DataFrame) -> pd.DataFrame:
    """What is wrong in a register: one row per fault, with the `line` of the file, its `severity` and one French sentence.

    A period that ends before it begins, two periods of one scheme and commune that overlap, and a code that never was a
    commune are blocking. A commune that two CPTS have at the same time is to be checked: it may be true. So is a closed scheme
    without a last day: it covers nothing at any date.
    """
    rows = register.reset_index(drop=True)
    told = [
        *_dates(rows),
        *_strangers(rows),
        *_repeated(rows),
        *_claimed_twice(rows),
        *_closed_without_end(rows),
    ]
    return pd.DataFrame(told, columns=["line", "severity", "fault"]).sort_values(
        "line", kind="stable", ignore_index=True
    )


def sound(register: pd.DataFrame) -> pd.DataFrame:
    """Rows of a register that no blocking fault touches."""
    told = found(register)
    bad = set(told.loc[told["severity"] == BLOCKING, "line"])
    return register.loc[[at + 2 not in bad for at in range(len(register))]].reset_index(drop=True)


def _dates(rows: pd.DataFrame) -> Iterator[Fault]:
    for at, row in rows[rows["valid_to"] < rows["valid_from"]].iterrows():
        yield (
            at + 2, BLOCKING,
            f"Ligne {at + 2} : « {row['scheme']} », commune {row['commune']} : la fin ({french.date(row['valid_to'].date())}) "
            f"précède le début ({french.date(row['valid_from'].date())}) ; corrigez l'une des deux dates.",
        )  # fmt: skip


def _strangers(rows: pd.DataFrame) -> Iterator[Fault]:
    known = of_any_time()
    for at, scheme, commune in listed(rows, "scheme", "commune"):
        if commune in known:
            continue
        yield (
            at + 2, BLOCKING,
            f"Ligne {at + 2} : la commune « {commune} » de « {scheme} » n'existe ni aujourd'hui ni parmi les anciennes "
            "communes ; corrigez le code.",
        )  # fmt: skip


def _repeated(rows: pd.DataFrame) -> Iterator[Fault]:
    keys = ["scheme", "commune"]
    # Nearly all communes have one row: only the others are compared.
    for (scheme, commune), group in rows[rows.duplicated(keys, keep=False)].groupby(keys, sort=False):
        for first, second in _meeting(group):
            yield (
                second + 2, BLOCKING,
                f"Lignes {first + 2} et {second + 2} : « {scheme} » a deux périodes qui se chevauchent pour la commune "
                f"{commune} ; terminez la première avant le début de la seconde.",
            )  # fmt: skip


def _claimed_twice(rows: pd.DataFrame) -> Iterator[Fault]:
    cpts = rows[(rows["kind"] == "cpts") & (rows["status"] != PROJECT)]
    for commune, group in cpts[cpts.duplicated("commune", keep=False)].groupby("commune", sort=False):
        for first, second in _meeting(group):
            names = rows.loc[first, "scheme"], rows.loc[second, "scheme"]
            if names[0] != names[1]:
                yield (
                    second + 2, TO_CHECK,
                    f"Lignes {first + 2} et {second + 2} : la commune {commune} est au même moment dans deux CPTS, "
                    f"« {names[0]} » et « {names[1]} » ; vérifiez que c'est voulu.",
                )  # fmt: skip


def _closed_without_end(rows: pd.DataFrame) -> Iterator[Fault]:
    open_ended = rows[rows["status"].eq(CLOSED) & rows["valid_to"].isna()]
    for scheme, group in open_ended.groupby("scheme", sort=False):
        yield (
            int(group.index[0]) + 2, TO_CHECK,
            f"Ligne {group.index[0] + 2} : « {scheme} » est clos et n'a pas de dernier jour (valid_to) ; donnez-le, sinon il ne "
            "compte à aucune date.",
        )  # fmt: skip


def _meeting(group: pd.DataFrame) -> Iterator[tuple[int, int]]:
    """Pairs of rows whose periods share a day; a row whose end precedes its begin meets none."""
    ordered = group.sort_values("valid_from", kind="stable")
    ends = ordered["valid_to"].fillna(_ALWAYS)
    right = ends >= ordered["valid_from"]
    for place, first in enumerate(ordered.index):
        for second in ordered.index[place + 1 :]:
            if right[first] and right[second] and ordered.loc[second, "valid_from"] <= ends[first]:
                yield (first, second) if first < second else (second, first)
