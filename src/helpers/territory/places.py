"""What a user asks for, read as a territory: codes, SIREN, names, former communes; doubts are told, never settled in silence.

Nearly half of the postcodes are the INSEE code of another commune (45100 is a postcode of Orléans and the code of Combleux):
what is read is always given back by name, and a list that looks like postcodes is refused.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from helpers import catalog, french
from helpers.errors import DataError, UsageError, nearest
from helpers.territory import communes

GRAND_PARIS = "200054781"
LARGE = 500_000  # inhabitants: more than any CPTS that the documents know
_CODE = re.compile(r"(?:\d{5}|2[AB]\d{3})")
_LOST_ZERO, _SIREN = re.compile(r"\d{4}"), re.compile(r"\d{9}")
_CODE_AND_NAME = re.compile(r"(\d{4,5}|2[ABab]\d{3})[\s:=]+(\D.*)")
# As this module itself writes a commune: "Langon (35)".
_WITHIN = re.compile(r"(.+?)\s*\((\d{2,3}|2[ABab])\)")
_DEPARTMENT = re.compile(r"0[1-9]|[1-8]\d|9[0-5]|2[AB]|97[1-4]|976")


@dataclass(frozen=True)
class Place:
    """A territory: its codes of communes and arrondissements of today, its name, and what its reader should know.

    `scheme` is the code of the CPTS of the register whose perimeter it is, empty for another territory.
    """

    codes: tuple[str, ...]
    name_fr: str = ""
    remarks: tuple[str, ...] = ()
    scheme: str = ""

    @cached_property
    def communes(self) -> pd.DataFrame:
        """Its rows of `communes.perimeter`."""
        return communes.perimeter(self.codes)


def asked(text: str) -> list[str]:
    """Items of a list typed in one line or several: commas, semicolons and ends of lines part them."""
    return [item.strip() for item in re.split(r"[,;\n\t|]", text) if item.strip()]


def of_schemes(register: pd.DataFrame) -> dict[str, Place]:
    """Territory of each scheme of a register (rows of `cpts/perimeters`) as it is now: its rows without a last day."""
    now = register[register["valid_to"].isna()]
    return {
        str(scheme): resolve(rows["commune"].unique(), checked=True) for scheme, rows in now.groupby("scheme")
    }


def resolve(
    items: Iterable[str], *, departments: Sequence[str] = (), name_fr: str = "", checked: bool = False
) -> Place:
    """The territory that `items` name: codes of communes or arrondissements, SIREN of EPCI or EPT, or names.

    A code may have its name beside it ("45100 Combleux"), which must then agree. A name is looked for in `departments` when
    given. A former commune counts in the one that holds it today, a repeated one once: both are told in the remarks, and so
    are codes that could be postcodes, unless they come from a register that is `checked`. Raises DataError, in one sentence,
    for an empty list, a code or name that is none or several, postcodes, a commune of overseas
    collectivities, the whole Grand Paris, a city and its arrondissements, and UsageError for a code of département
    that is none.
    """
    departments = [department(code)[0] for code in departments]
    wanted = [str(item).strip() for item in items if str(item).strip()]
    if not wanted:
        raise DataError("La liste des communes est vide : donnez des codes INSEE, des noms ou un EPCI.")
    pairs = [_parted(item) for item in wanted]
    _refuse_postcodes([code for code, _ in pairs if code])
    found: dict[str, str] = {}
    remarks: list[str] = []
    names: list[str] = []
    if not checked and (
        doubtful := [doubt for code, name in pairs if code and not name and (doubt := homonym(code))]
    ):
        more = f" ; et {len(doubtful) - 3} autres" if len(doubtful) > 3 else ""
        remarks.append(f"Lu comme code INSEE, et non comme code postal : {' ; '.join(doubtful[:3])}{more}.")
    for code, name in pairs:
        members, label, told = _read(code, name, departments)
        remarks += told
        names.append(label)
        for member in members:
            if member in found:
                told_name = communes.units().loc[member, "name"]
                remarks.append(f"« {told_name} » ({member}) était donnée deux fois : elle compte une fois.")
            found[member] = label
    codes = tuple(sorted(found))
    place = communes.perimeter(codes)
    remarks += _doubts(place)
    called = name_fr or (french.listing(dict.fromkeys(names)) if len(set(names)) <= 3 else "")
    return Place(codes, called or f"{len(codes)} communes", tuple(dict.fromkeys(remarks)))


def of_department(code: str) -> Place:
    """All the communes of a département. Raises UsageError for a code that is none."""
    wanted, name = department(code)
    units = communes.units()
    inside = units.loc[(units["department"] == wanted) & (units["kind"] == "commune"), "code"]
    return Place(tuple(sorted(inside)), name, tuple(_doubts(communes.perimeter(inside))))


def department(code: str) -> tuple[str, str]:
    """Code and name of a département, however it is typed ("1", "2a"). Raises UsageError for a code that is none."""
    table = catalog.load("open/departments", catalog.DEFAULT_FOLDER).set_index("code")["name"]
    wanted = code.strip().upper().zfill(2)
    if wanted not in table.index:
        raise UsageError(f"« {code} » n'est pas un code de département : écrivez par exemple 01, 2A ou 974.")
    return wanted, str(table[wanted])


def told(place: Place) -> pd.DataFrame:
    """What was read, to be shown back: code, name, département, EPCI and inhabitants (2023) of each commune."""
    names = catalog.load("open/epci", catalog.DEFAULT_FOLDER).set_index("code")["name"]
    table = place.communes
    shown = table[["code", "name", "department"]].assign(
        epci=table["epci"].map(names), population=table["population_2023"]
    )
    return shown.sort_values("population", ascending=False, ignore_index=True)


def homonym(code: str) -> str:
    """What tells a code of INSEE from the same postcode of other communes; empty when no one could mistake it."""
    if not _CODE.fullmatch(code):
        return ""
    other = [item for item in communes.served().get(code, ()) if item != code]
    if not other or code not in communes.units().index or code in communes.served().get(code, ()):
        return ""
    names = [f"{communes.units().loc[item, 'name']} ({item})" for item in other[:2]]
    more = " …" if len(other) > 2 else ""
    return f"{code}, {communes.units().loc[code, 'name']} (code postal : {french.listing(names)}{more})"


def mostly_postcodes(codes: Iterable[str]) -> bool:
    """Whether a list of codes was written with postcodes.

    More than half are postcodes of other communes than their own, and read as INSEE codes they are no territory: one of
    them is no commune, or most touch no other.
    """
    listed = [code for code in codes if _CODE.fullmatch(code)]
    served, units = communes.served(), communes.units().index
    doubtful = [code for code in listed if code in served and code not in served[code]]
    if len(listed) < 2 or 2 * len(doubtful) <= len(listed):
        return False
    read = [code for code in listed if code in units]
    return len(read) < len(listed) or len(pieces(read)) > len(read) / 2


def pieces(codes: Iterable[str]) -> list[list[str]]:
    """The parts of a territory that touch each other, the largest first; communes that nothing outlines are left out."""
    drawn = communes.units()["km2"].notna()
    left = {code for code in codes if drawn[code]}
    around = _around(left)
    parts = []
    while left:
        reached, edge = set(), {min(left)}
        while edge:
            reached |= edge
            edge = {other for code in edge for other in around.get(code, ()) if other in left} - reached
        parts.append(sorted(reached))
        left -= reached
    return sorted(parts, key=lambda part: (-len(part), part))


def _around(codes: set[str]) -> dict[str, list[str]]:
    """Neighbours of each of these communes, among them."""
    pairs = _neighbours()
    inside = pairs[pairs["commune"].isin(codes) & pairs["neighbour"].isin(codes)]
    around: dict[str, list[str]] = {}
    for first, second in zip(inside["commune"], inside["neighbour"], strict=True):
        around.setdefault(first, []).append(second)
        around.setdefault(second, []).append(first)
    return around


@catalog.remembered
def _neighbours() -> pd.DataFrame:
    return catalog.load("open/neighbours", catalog.DEFAULT_FOLDER)


def _parted(item: str) -> tuple[str, str]:
    """Code and name of an item; a code that a spreadsheet has changed is mended ("35236.0", "1004", "2a004")."""
    if match := _CODE_AND_NAME.fullmatch(item):
        return _mended(match[1]), match[2].strip()
    mended = _mended(re.sub(r"[.,]0+$", "", item).replace(" ", ""))
    return (mended, "") if _CODE.fullmatch(mended) or _SIREN.fullmatch(mended) else ("", item)


def _mended(code: str) -> str:
    code = code.upper()
    return code.zfill(5) if _LOST_ZERO.fullmatch(code) else code


def _refuse_postcodes(codes: Sequence[str]) -> None:
    if len(codes) > 1 and mostly_postcodes(codes):
        first = next(code for code in codes if code in communes.served())
        place = communes.served()[first][0]
        raise DataError(
            f"Ces codes semblent être des codes postaux (« {first} » dessert {communes.units().loc[place, 'name']}, code INSEE "
            f"{place}) : écrivez les codes INSEE, ou les noms des communes."
        )


def _read(code: str, name: str, departments: Sequence[str]) -> tuple[list[str], str, list[str]]:
    """Codes of one item, its name, and remarks."""
    if within := _WITHIN.fullmatch(name):
        name, departments = within[1], [within[2].upper()]
    if not code:
        return _named(name, departments)
    if _SIREN.fullmatch(code):
        return _grouping(code)
    units, former = communes.units(), communes.former()
    remarks = []
    if code not in units.index and code in former.index:
        row = former.loc[code]
        told = "" if pd.isna(row["name"]) else f" ({row['name']})"
        remarks.append(
            f"« {code} »{told} n'est plus une commune : {row['commune_name']} ({row['commune']}) est comptée entière."
        )
        if name and (pd.isna(row["name"]) or key(name) != key(str(row["name"]))):
            raise DataError(_disagree(code, name, str(row["name"]), departments))
        code, name = str(row["commune"]), ""
    if code not in units.index:
        # A wrong code with a right name: the name says which, digits that look alike say nothing.
        same = homonyms(name, departments) if name else []
        hint = f" ; {name} a le code {french.listing(same[:3], last='ou')}" if same else ""
        raise DataError(f"« {code} » {communes.unknown(code)}{hint}.")
    found = str(units.loc[code, "name"])
    if name and key(name) != key(found):
        raise DataError(_disagree(code, name, found, departments))
    return [code], found, remarks


def _disagree(code: str, name: str, found: str, departments: Sequence[str]) -> str:
    same = homonyms(name, departments)
    hint = f" ; {name} a le code {french.listing(same[:3], last='ou')}" if same else ""
    served = code in communes.served() and set(same) & set(communes.served()[code])
    what = " (c'est aussi un code postal)" if served else ""
    return (
        f"« {code} » est le code INSEE de {found}{what}, et non de « {name} »{hint} : corrigez l'un des deux."
    )


def _grouping(siren: str) -> tuple[list[str], str, list[str]]:
    ept = catalog.load("open/ept", catalog.DEFAULT_FOLDER)
    if (ept["code"] == siren).any():
        rows = ept[ept["code"] == siren]
        return rows["commune"].tolist(), str(rows["name"].iloc[0]), []
    if siren == GRAND_PARIS:
        raise DataError(
            "La Métropole du Grand Paris a 130 communes et 7,1 millions d'habitants : donnez un établissement public "
            "territorial, un arrondissement de Paris ou une liste de communes."
        )
    epci = catalog.load("open/epci", catalog.DEFAULT_FOLDER).set_index("code")["name"]
    members = communes.perimeter([siren])["code"].tolist()
    return members, str(epci[siren]), []


def key(name: str) -> str:
    """What two ways of writing a name have in common: no accent, capital, hyphen nor article in front; "saint" for "st"."""
    return _keys([name])[0]


def _keys(names: Sequence[str]) -> list[str]:
    """Key of each name; one text holds them all, a line each, for there are 36,000 communes."""
    text = french.unaccented("\n".join(name.replace("\n", " ") for name in names)).lower()
    text = re.sub(r"[^a-z0-9\n]+", " ", text)
    text = re.sub(r"^ | $", "", text, flags=re.MULTILINE)
    text = re.sub(r"\bst(e?)\b", r"saint\1", text)
    return re.sub(r"^(le|la|les|l) ", "", text, flags=re.MULTILINE).split("\n")


@catalog.remembered
def _index() -> dict[str, tuple[str, ...]]:
    units = communes.units()
    found: dict[str, list[str]] = defaultdict(list)
    for name, code in zip(_keys(units["name"].tolist()), units.index, strict=True):
        found[name].append(code)
    return {name: tuple(codes) for name, codes in found.items()}


def _bare(name: str) -> str:
    """Key of the name of an EPCI, without what says its kind."""
    kind = r"(ca|cc|cu|communaute (de communes|d agglomeration|urbaine))"
    return re.sub(rf"^{kind}( (de|du|des|d))?( (le|la|les|l))? ", "", key(name))


def homonyms(name: str, departments: Sequence[str] = ()) -> list[str]:
    """Codes of the communes and arrondissements of a name, as people write it, in `departments` when some are given."""
    found = _index().get(key(name), ())
    where = communes.units()["department"]
    return [code for code in found if not departments or where[code] in departments]


def _named(name: str, departments: Sequence[str]) -> tuple[list[str], str, list[str]]:
    found = homonyms(name, departments)
    if len(found) == 1:
        return found, str(communes.units().loc[found[0], "name"]), []
    if len(found) > 1:
        listed = [f"{code} ({communes.units().loc[code, 'department']})" for code in found[:8]]
        raise DataError(
            f"{len(found)} communes s'appellent « {name} » : écrivez le code de la bonne, {', '.join(listed)}"
            f"{' …' if len(found) > 8 else ''}, ou donnez le département."
        )
    if _DEPARTMENT.fullmatch(name.upper()):
        raise DataError(
            f"« {name} » est un code de département, non de commune : donnez-le par --departement, ou listez des communes."
        )
    if re.fullmatch(r"[\d .,]+", name):
        raise DataError(
            f"« {name} » n'est ni un code de commune (cinq caractères) ni un SIREN d'EPCI (neuf chiffres) : corrigez-le, ou "
            "écrivez le nom."
        )
    groupings = pd.concat(
        [catalog.load(f"open/{table}", catalog.DEFAULT_FOLDER)[["code", "name"]] for table in ("epci", "ept")]
    ).drop_duplicates()
    same = groupings[groupings["name"].map(_bare) == _bare(name)]
    if len(same) == 1:
        return _grouping(str(same["code"].iloc[0]))
    if len(same) > 1:
        listed = [
            f"{row.name_fr} ({row.code})" for row in same.rename(columns={"name": "name_fr"}).itertuples()
        ]
        raise DataError(
            f"{len(same)} EPCI s'appellent « {name} » : écrivez le SIREN du bon, {french.listing(listed[:6], last='ou')}."
        )
    known = {_bare(str(item)): str(item) for item in groupings["name"]}
    units = communes.units()
    inside = units[units["department"].isin(departments)] if departments else units
    named = inside["name"].tolist()
    known |= dict(zip(_keys(named), named, strict=True))
    close = nearest(key(name), known, cutoff=0.7) or nearest(_bare(name), known, cutoff=0.7)
    hint = f" Vouliez-vous dire « {known[close]} » ?" if close else ""
    where = f" dans {french.listing(departments)}" if departments else ""
    raise DataError(f"Aucune commune ni aucun EPCI ne s'appelle « {name} »{where}.{hint}")


def _doubts(place: pd.DataFrame) -> list[str]:
    """What may be wrong in a territory that can be read: its pieces, its size, Mayotte."""
    found = []
    parts = pieces(place["code"])
    names = place.set_index("code")["name"]
    # An island touches nothing: it is told like any other piece, as a remark.
    if len(parts) > 1:
        others = [str(names[code]) for part in parts[1:] for code in part]
        more = " …" if len(others) > 5 else ""
        found.append(
            f"Le territoire est en {len(parts)} morceaux : {french.listing(others[:5])}{more} ne touche"
            f"{'nt' if len(others) > 1 else ''} pas le reste."
        )
    people = float(place["population_2023"].astype("float64").sum())
    if people > LARGE:
        found.append(f"{french.number(people)} habitants : est-ce bien une CPTS ?")
    if (place["department"] == "976").any():
        found.append("Mayotte n'a que le recensement de 2017 : les chiffres annuels y manquent.")
    return found
