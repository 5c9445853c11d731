"""The pages of the fictitious package: what a CPTS would read of itself, beside what the documents say of theirs."""

from __future__ import annotations

from pathlib import Path

from helpers.intake import starting
from helpers.pipeline import parameters, plan

NOTEBOOKS = ("05", "07", "08")


def folder(place: Path) -> Path:
    """Where the pages of the example are, beside those of `place`."""
    return place / parameters.EXAMPLE


def reports(place: Path) -> list[plan.Report]:
    """Reports of the fictitious package, which is written beside them unless it is there already.

    Its path as the pages give it is that from the current directory, where it is below. Raises UsageError when it cannot be
    written.
    """
    package = folder(place) / "paquet"
    if not package.is_dir():
        starting.new(package, example=True)
    here = Path.cwd()
    told = package.relative_to(here) if package.is_relative_to(here) else package
    return plan.reports(NOTEBOOKS, {"paquet": told.as_posix()})
