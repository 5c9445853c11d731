"""What the sixteen CPTS of the Auvergne-Rhône-Alpes thesis do, mission by mission, with whom and with which means.

`missions` sets CPTS against practices; `pharmacist` the place of the pharmacist; `members` the membership rate and the staff;
`money` who is paid and how; `followup` the indicators; `region` the sixteen among the seventy-one, and the départements;
`obstacles` brakes and levers; `chronology` the dates; `depth` what sixteen CPTS allow to compute, and what they do not. The
statements are coded by the observatory: what an interview does not say is not absent from the CPTS. CPTS keep the code of the
thesis ("CPTS4"); tables show its number.
"""

from __future__ import annotations

from collections.abc import Iterable

from helpers.catalog import Study

DOCUMENT = "aura2022"
SOURCE = "thèse AURA 2022 ; codage de l'observatoire"


def interviewed(study: Study) -> list[str]:
    """Codes of the CPTS interviewed, in the order of the thesis."""
    codes: list[str] = study.table(f"{DOCUMENT}/interviewed_cpts")["cpts"].tolist()
    return codes


def number(cpts: str) -> int:
    """Number of a CPTS: 4 for "CPTS4"."""
    return int(cpts.removeprefix("CPTS"))


def ordered(codes: Iterable[str]) -> list[str]:
    """Codes by number, each once: CPTS2 before CPTS10."""
    return sorted(set(codes), key=number)


def cited(said: Iterable[tuple[str, int]], *, with_line: bool = True) -> str:
    """Pairs (CPTS, line) as a cell shows them: "1 (l. 3247), 4 (l. 5318)", or their numbers alone; nothing for none."""
    first: dict[str, int] = {}
    for cpts, line in said:
        first[cpts] = min(line, first.get(cpts, line))
    return ", ".join(
        f"{number(cpts)} (l. {first[cpts]})" if with_line else str(number(cpts)) for cpts in ordered(first)
    )
