"""`cpts claims reply`: the answers of an author, from the form of a letter into the register of published figures."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from helpers import catalog, french
from helpers.catalog import Fault
from helpers.documents.letter import CLAIM, HELP, REPLY
from helpers.errors import DataError, nearest
from helpers.files import grid
from helpers.files.grid import Grid
from helpers.intake import check, incoming

TABLE = "claims"
# An answer is read beside a verdict: longer, it is a text to link to.
LONGEST = 600


def enter(
    file: Path | str, package: catalog.Package | Path | str | None = None, *, replace: bool = False
) -> list[str]:
    """Put the answers of a CSV or XLSX file (`claim_id`, `reply`) in the register; returns what was done, in French.

    The other columns of the form, and those of the register, are left aside, as are rows without an answer. Raises
    DataError, with nothing written, for a file that cannot be read, an unknown column, or any row at fault: a figure that is
    unknown or given twice, an answer that is too long, or another than the one already there without `replace`.
    """
    source = catalog.open_package(package)
    wanted = _answers(source.table(TABLE))
    given = grid.read(file, even=True, hoped=[CLAIM, *HELP.values(), REPLY])
    beside = [*HELP.values(), *(name for name in source.table(TABLE).columns if name not in wanted.columns)]
    accepted = incoming.accept(given, wanted, ignored=[name for name in beside if name in given.header])
    if REPLY not in accepted.rows:
        raise DataError(f"{given.name} : colonne « {REPLY} » absente : c'est elle qui porte les réponses.")
    answers = accepted.rows.dropna(subset=[REPLY])
    known = catalog.cells(TABLE, source)
    register = known.frame()
    faults = [*accepted.faults, *_faults(given, answers, register, replace=replace)]
    incoming.refuse(sorted(faults, key=lambda fault: fault.row or 0))
    if answers.empty:
        raise DataError(f"{given.name} : aucune réponse, la colonne « {REPLY} » est vide.")
    texts = {str(row[CLAIM]): _one_line(str(row[REPLY])) for _, row in answers.iterrows()}
    before = register.set_index(CLAIM)[REPLY]
    same = [claim_id for claim_id, text in texts.items() if before[claim_id] == text]
    changed = [claim_id for claim_id in texts if before[claim_id] and claim_id not in same]
    register[REPLY] = [
        texts.get(claim_id, old) for claim_id, old in zip(register[CLAIM], register[REPLY], strict=True)
    ]
    check.rewrite(source, {TABLE: register})
    return [
        f"{given.name} : {french.plural(len(texts) - len(same) - len(changed), 'réponse ajoutée', 'réponses ajoutées')}, "
        f"{french.plural(len(changed), 'remplacée')}, {french.plural(len(same), 'déjà présente')}, "
        f"{french.plural(len(given.rows) - len(texts), 'ligne sans réponse', 'lignes sans réponse')}."
    ]


def _answers(register: catalog.Table) -> catalog.Table:
    """The two columns of the register that an author fills, with the rules they have there."""
    identifier = dataclasses.replace(register.field(CLAIM), unique=True, required=True)
    return dataclasses.replace(
        register,
        fields=(identifier, register.field(REPLY)),
        key=(CLAIM,),
        links=(),
        rows_of=(),
        optional=False,
    )


def _faults(given: Grid, answers: pd.DataFrame, register: pd.DataFrame, *, replace: bool) -> Iterator[Fault]:
    before = register.set_index(CLAIM)[REPLY]
    for line, row in answers.iterrows():
        if pd.isna(row[CLAIM]):  # told by the judge of the cell
            continue
        claim_id, text = str(row[CLAIM]), _one_line(str(row[REPLY]))
        place = (given.name, int(str(line)))
        if claim_id not in before.index:
            near = nearest(claim_id, before.index)
            remedy = f"écrivez « {near} »" if near else "reprenez l'identifiant du tableau joint à la lettre"
            yield Fault(*place, f"« {CLAIM} »", claim_id, "n'est pas un chiffre du registre", remedy)
        elif len(text) > LONGEST:
            what = f"a {len(text)} caractères, plus que {LONGEST}"
            yield Fault(*place, f"« {REPLY} »", "", what, "abrégez-la, ou renvoyez à un texte publié")
        elif before[claim_id] and before[claim_id] != text and not replace:
            what = f"de « {claim_id} » a déjà une autre réponse dans le registre"
            yield Fault(*place, f"« {REPLY} »", "", what, "ajoutez --replace pour la remplacer")


def _one_line(text: str) -> str:
    return " ".join(text.split())
