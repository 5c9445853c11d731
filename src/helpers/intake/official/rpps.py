"""Health professionals in practice (RPPS, ANS, `PS_LibreAcces_Personne_activite`), counted while reading, never kept.

The file names people: one line per activity, 56 columns, a bar after the last. Only six columns are read (identifier,
profession and its label, know-how, mode, commune), a few megabytes at a time. An identifier serves to count a person once
per group: it is turned into a 64-bit number that lives in memory until the end of the reading. No name, address, e-mail or
identifier is returned or written. Names of columns vary between editions; an unknown one is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from helpers import french
from helpers.errors import DataError, UsageError
from helpers.files import limits
from helpers.files.streams import Delimited, date_of, department, some
from helpers.intake.official.rpps_layout import LAYOUT
from helpers.territory.diagnosis import care

TABLE = "official/activities"
BY_TERRITORY = care.BY_TERRITORY
ALL_MODES = "tous"
GENERALIST, PHYSICIAN = "10-MG", "10"
# Know-how of general practice: qualified (SM53), specialised (SM54), and general medicine (SM26).
GENERAL_PRACTICE = ("SM26", "SM53", "SM54")
# A few lines have no place or no person; many mean that the columns have moved.
MOST_LEFT_OUT = 0.9
MOST_MALFORMED = 0.05
COMPACTED_AT = 8_000_000  # pairs in memory before those already known are dropped
MOST_PROFESSIONS, MOST_MODES = 4096, 256  # room for their numbers in that of a group
COMMUNE = r"^([0-9]{2}|2[AB])[0-9]{3}$"
_NONE = np.array([], dtype=np.int64)
READ = ("person", "profession", "profession_fr", "know_how", "mode", "commune")


def load(
    path: Path | str,
    *,
    departments: Sequence[str] = (),
    extracted: str | None = None,
    shares: bool = False,
    territories: Mapping[str, Collection[str]] | None = None,
) -> tuple[pd.DataFrame, list[str]]:
    """One row per commune, profession and mode of practice (and all modes, "tous"): distinct persons, and activities (lines).

    A person with two modes in a commune counts once in "tous": modes do not add up. General practitioners, physicians (10)
    with the know-how SM26, SM53 or SM54, come again as profession "10-MG" when the edition has that column. Returns the table
    and French sentences on what was left out. The date comes from the name of the file, else from `extracted`
    (AAAA-MM-JJ). Raises UsageError without a date, DataError for another layout or too many lines without a place.
    """
    path = Path(path)
    date = extracted or _date(path)
    source = Delimited(path, LAYOUT)
    counting = _Counting(path, departments)
    for batch in source.batches(READ, dictionaries=True):
        counting.add(batch)
    counting.check()
    table = counting.table(shares=shares) if territories is None else counting.of_territories(territories)
    table = table.assign(
        extracted=pd.Timestamp(date), source=f"ANS, annuaire santé (RPPS), extraction du {date}"
    )
    whole = some(table, departments, path) if territories is None else table
    return whole, counting.sentences("know_how" in source.positions)


class _Codes:
    """Numbers given to texts in the order in which they come."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def of(self, column: pa.DictionaryArray) -> NDArray[np.int64]:
        """Number of each text of a column, equal texts having equal numbers from one batch to the next."""
        texts = column.dictionary.to_pylist()
        known = [self.numbers.setdefault(text.strip(), len(self.numbers)) for text in texts]
        numbers: NDArray[np.int64] = np.array(known, dtype=np.int64)[column.indices.to_numpy()]
        return numbers

    def texts(self) -> list[str]:
        """Texts in the order of their numbers."""
        return list(self.numbers)


class _Counting:
    """Pairs of a group (commune, profession, mode) and a person, each kept once as two numbers."""

    def __init__(self, path: Path, departments: Sequence[str]) -> None:
        self.path, self.departments = path, departments
        self.communes, self.professions, self.modes = _Codes(), _Codes(), _Codes()
        self.labels: dict[str, str] = {}
        self.groups: list[NDArray[np.int64]] = []
        self.persons: list[NDArray[np.int64]] = []
        self.known = pd.DataFrame({"group": [], "person": []}, dtype="int64")
        self.lines = pd.Series(dtype="int64")
        self.read = self.placeless = self.malformed = self.nameless = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Count the lines of a batch, then forget them."""
        self.read += batch.num_rows
        commune = batch.column("commune")
        places = commune.dictionary.to_pandas().astype(str).str.strip()
        good = places.str.match(COMMUNE)
        wanted = good & department(places).isin(list(self.departments)) if self.departments else good
        index = commune.indices.to_numpy()
        empty = (places == "").to_numpy()[index]
        self.placeless += int(empty.sum())
        self.malformed += int((~good.to_numpy()[index] & ~empty).sum())
        known = _filled(batch.column("person")) & _filled(batch.column("profession"))
        kept = wanted.to_numpy()[index]
        self.nameless += int((kept & ~known).sum())
        kept &= known
        if not kept.any():
            return
        batch = batch.filter(pa.array(kept))
        self._label(batch)
        communes = self.communes.of(batch.column("commune"))
        professions = self.professions.of(batch.column("profession"))
        modes = self.modes.of(batch.column("mode"))
        persons = _numbers(batch.column("person"))
        groups = _group(communes, professions, modes)
        if "know_how" in batch.schema.names:
            general = self._generalists(batch)
            number = self.professions.numbers.setdefault(GENERALIST, len(self.professions.numbers))
            again = _group(communes[general], number, modes[general])
            groups, persons = np.concatenate([groups, again]), np.concatenate([persons, persons[general]])
        if len(self.professions.numbers) > MOST_PROFESSIONS or len(self.modes.numbers) > MOST_MODES:
            raise DataError(
                f"{self.path.name}, colonnes « Code profession » et « Code mode exercice » : trop de codes différents pour "
                "une nomenclature. Vérifiez l'édition du fichier."
            )
        self.groups.append(groups)
        self.persons.append(persons)
        if sum(map(len, self.groups)) > COMPACTED_AT:
            self._compact()

    def check(self) -> None:
        """Raise DataError when so many lines have no place or no person that the columns must have moved."""
        if self.malformed > MOST_MALFORMED * self.read or self.placeless > MOST_LEFT_OUT * self.read:
            raise DataError(
                f"{self.path.name}, colonne « {LAYOUT.columns['commune'][0]} » : {french.number(self.malformed)} codes "
                f"illisibles et {french.number(self.placeless)} vides sur {french.number(self.read)} lignes. "
                "Vérifiez l'édition du fichier."
            )
        if self.nameless > MOST_LEFT_OUT * self.read:
            raise DataError(
                f"{self.path.name}, colonne « {LAYOUT.columns['person'][0]} » : {french.number(self.nameless)} lignes sans "
                f"identifiant ou sans profession sur {french.number(self.read)}. Vérifiez l'édition du fichier."
            )

    def sentences(self, know_how: bool) -> list[str]:
        """What was read and what was left out, for the user."""
        said = [f"{french.number(self.read)} lignes d'activité lues, aucune gardée."]
        out = self.placeless + self.malformed
        if out:
            said.append(f"{french.number(out)} lignes sans code de commune lisible n'ont pas été comptées.")
        if self.nameless:
            said.append(
                f"{french.number(self.nameless)} lignes sans identifiant ou sans profession n'ont pas été comptées."
            )
        if not know_how:
            said.append(
                "Cette édition n'a pas les savoir-faire : les généralistes ne sont pas comptés à part."
            )
        return said

    def table(self, *, shares: bool = False) -> pd.DataFrame:
        """Persons and activities per commune, profession and mode, then for all modes."""
        pairs = self._compact()
        modes = self.modes.texts()
        by_mode = pairs.groupby("group").size()
        whole = pairs.assign(group=pairs["group"] // MOST_MODES).drop_duplicates().groupby("group").size()
        lines = self.lines
        parts = [
            self._rows(
                by_mode.index.to_numpy() // MOST_MODES, by_mode.to_numpy(), lines[by_mode.index].to_numpy()
            ).assign(mode=[modes[number] or "vide" for number in by_mode.index.to_numpy() % MOST_MODES]),
            self._rows(
                whole.index.to_numpy(),
                whole.to_numpy(),
                lines.groupby(lines.index // MOST_MODES).sum()[whole.index].to_numpy(),
            ).assign(mode=ALL_MODES),
        ]
        columns = ["commune", "profession", "profession_fr", "mode", "persons", "activities"]
        if shares:
            parts[1] = parts[1].assign(share=_shared(pairs)[whole.index].to_numpy())
            columns.append("share")
        table = pd.concat(parts, ignore_index=True)[columns]
        return table.sort_values(["commune", "profession", "mode"], ignore_index=True)

    def of_territories(self, territories: Mapping[str, Collection[str]]) -> pd.DataFrame:
        """Distinct persons and activities per territory and profession, all modes together."""
        pairs = self._compact()
        known = np.array(self.communes.texts(), dtype=object)
        lines = self.lines[pairs["group"].drop_duplicates()]
        parts = [pd.DataFrame(columns=["scheme", "profession", "profession_fr", "persons", "activities"])]
        for scheme, codes in territories.items():
            inside = np.isin(known, list(codes))
            mine = pairs[inside[pairs["group"] // MOST_MODES // MOST_PROFESSIONS]]
            profession = mine["group"] // MOST_MODES % MOST_PROFESSIONS
            persons = mine["person"].groupby(profession).nunique()
            own = lines[inside[lines.index // MOST_MODES // MOST_PROFESSIONS]]
            activities = own.groupby(own.index // MOST_MODES % MOST_PROFESSIONS).sum()
            codes_of = np.array(self.professions.texts(), dtype=object)[persons.index]
            parts.append(
                pd.DataFrame(
                    {
                        "scheme": scheme, "profession": codes_of,
                        "profession_fr": [self.labels.get(code, "") for code in codes_of],
                        "persons": persons.to_numpy(), "activities": activities[persons.index].to_numpy(),
                    }
                )
            )  # fmt: skip
        filled = [part for part in parts if len(part)]
        return pd.concat(filled or parts, ignore_index=True).sort_values(
            ["scheme", "profession"], ignore_index=True
        )

    def _rows(
        self, groups: NDArray[np.int64], persons: NDArray[np.int64], lines: NDArray[np.int64]
    ) -> pd.DataFrame:
        communes = np.array(self.communes.texts(), dtype=object)[groups // MOST_PROFESSIONS]
        professions = np.array(self.professions.texts(), dtype=object)[groups % MOST_PROFESSIONS]
        names = [self.labels.get(code, "") for code in professions]
        return pd.DataFrame(
            {
                "commune": communes,
                "profession": professions,
                "profession_fr": names,
                "persons": persons,
                "activities": lines,
            }
        )

    def _compact(self) -> pd.DataFrame:
        new = pd.DataFrame(
            {"group": np.concatenate([_NONE, *self.groups]), "person": np.concatenate([_NONE, *self.persons])}
        )
        self.groups, self.persons = [], []
        self.lines = self.lines.add(new["group"].value_counts(), fill_value=0).astype("int64")
        self.known = pd.concat([self.known, new], ignore_index=True).drop_duplicates(ignore_index=True)
        return self.known

    def _label(self, batch: pa.RecordBatch) -> None:
        pairs = pa.table(
            {name: batch.column(name).cast(pa.string()) for name in ("profession", "profession_fr")}
        )
        for row in pairs.group_by(["profession", "profession_fr"]).aggregate([]).to_pylist():
            self.labels.setdefault(row["profession"].strip(), row["profession_fr"].strip())
        self.labels[GENERALIST] = f"Médecin généraliste ({', '.join(GENERAL_PRACTICE)})"

    def _generalists(self, batch: pa.RecordBatch) -> NDArray[np.bool_]:
        physician = _is_in(batch.column("profession"), (PHYSICIAN,))
        practice = _is_in(batch.column("know_how"), GENERAL_PRACTICE)
        both: NDArray[np.bool_] = np.logical_and(physician, practice)
        return both


def _shared(pairs: pd.DataFrame) -> pd.Series[float]:
    """Sum, for each commune and profession, of one over the communes where each of its persons has this profession."""
    places = pairs.assign(group=pairs["group"] // MOST_MODES).drop_duplicates()
    profession = places["group"] % MOST_PROFESSIONS
    communes = places.groupby([profession, places["person"]])["group"].transform("size")
    return (1 / communes).groupby(places["group"]).sum()


def _group(
    communes: NDArray[np.int64], professions: NDArray[np.int64] | int, modes: NDArray[np.int64]
) -> NDArray[np.int64]:
    group: NDArray[np.int64] = (communes * MOST_PROFESSIONS + professions) * MOST_MODES + modes
    return group


def _filled(column: pa.DictionaryArray) -> NDArray[np.bool_]:
    texts = pc.not_equal(pc.utf8_trim_whitespace(column.dictionary), "").to_numpy(zero_copy_only=False)
    filled: NDArray[np.bool_] = texts[column.indices.to_numpy()]
    return filled


def _is_in(column: pa.DictionaryArray, wanted: Sequence[str]) -> NDArray[np.bool_]:
    texts = [text.strip() in wanted for text in column.dictionary.to_pylist()]
    found: NDArray[np.bool_] = np.array(texts, dtype=bool)[column.indices.to_numpy()]
    return found


def _numbers(column: pa.DictionaryArray) -> NDArray[np.int64]:
    """A 64-bit number per person: the digits and their count, or a negative hash for the few with letters (Corsica)."""
    texts = pc.utf8_trim_whitespace(column.dictionary)
    plain = pc.and_(pc.ascii_is_decimal(texts), pc.less(pc.utf8_length(texts), 17))
    digits = pc.cast(pc.if_else(plain, texts, "0"), pa.int64()).to_numpy() * 32
    numbers = digits + pc.utf8_length(texts).to_numpy()
    letters = ~plain.to_numpy(zero_copy_only=False)
    if letters.any():
        hashed: Any = pd.util.hash_array(texts.to_numpy(zero_copy_only=False)[letters], categorize=False)
        numbers[letters] = -(hashed >> np.uint64(1)).astype(np.int64) - 1
    spread: NDArray[np.int64] = numbers[column.indices.to_numpy()]
    return spread


def dated(path: Path) -> str:
    """Date that the name of the file, or of its member, gives; empty when neither does."""
    for name in (path.name, limits.find(path, LAYOUT.member, LAYOUT.file) or ""):
        if found := date_of(name):
            return found
    return ""


def _date(path: Path) -> str:
    if found := dated(path):
        return found
    raise UsageError(f"{path.name} ne dit pas sa date : ajoutez-la, par exemple --date 2026-05-12.")
