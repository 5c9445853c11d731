"""Rules across the tables of schemes and links (`dts/`): who is linked to whom, since when, at which degree, on which ground."""

from __future__ import annotations

from collections.abc import Iterator

from helpers.catalog import Fault, Tables, listed
from helpers.errors import nearest

SCHEMES, LINKS, PRIORITIES, DISTRICTS = "dts/schemes", "dts/links", "dts/priorities", "dts/districts"
# A scheme of the register of perimeters is of the same kind here; what that register has no name for is "autre" there.
_REGISTERED = ("cpts", "cls", "clsm", "asv")


def degrees_and_states(tables: Tables) -> Iterator[Fault]:
    """A degree goes with a link that is done (1 to 5), or that the source says to be absent or refused (0)."""
    for line, said, degree in listed(tables[LINKS], "state", "degree"):
        if degree is None:
            continue
        if said is None:
            words = (
                "est rempli alors que « state » est vide : dites si le lien est en œuvre, ou videz le degré"
            )
        elif said in ("prevu", "souhaite", "rompu"):
            words = f"est rempli alors que « state » est « {said} », et seul un lien en œuvre a un degré : videz-le"
        elif (degree == 0) != (said in ("absent", "refuse")):
            words = f"contredit l'état « {said} » (0 : absence ou refus ; 1 à 5 : lien en œuvre) : corrigez l'un des deux"
        else:
            continue
        yield tables.fault(LINKS, line, "degree", int(degree), words)


def links_to_itself(tables: Tables) -> Iterator[Fault]:
    """A CPTS is not linked to itself."""
    for line, cpts, scheme in listed(tables[LINKS], "cpts", "scheme"):
        if cpts is not None and cpts == scheme:
            words = "est la CPTS elle-même : donnez l'autre dispositif du lien"
            yield tables.fault(LINKS, line, "scheme", scheme, words)


def unknown_partners(tables: Tables) -> Iterator[Fault]:
    """Partners of an action are schemes of the package."""
    known = set(tables[SCHEMES]["scheme"])
    actions = tables["cpts/actions"]
    if "partners" not in actions:  # a package begun before the column
        return
    for line, cell in actions["partners"].dropna().items():
        for code in str(cell).split(";"):
            if code not in known:
                near = nearest(code, known)
                words = f"nomme « {code} », qui n'est pas dans dts/schemes.csv : ajoutez-l'y"
                yield tables.fault(
                    "cpts/actions",
                    line,
                    "partners",
                    cell,
                    words + (f", ou écrivez « {near} »" if near else ""),
                )


def priorities_of_strangers(tables: Tables) -> Iterator[Fault]:
    """A priority is that of a CPTS or of a scheme of the package."""
    known = {*tables[SCHEMES]["scheme"], *tables["cpts/cpts"]["cpts"]}
    for line, code in listed(tables[PRIORITIES], "scheme"):
        if code in known:
            continue
        near = nearest(str(code), known)
        words = "n'est ni dans dts/schemes.csv, ni dans cpts/cpts.csv : ajoutez-l'y"
        yield tables.fault(
            PRIORITIES, line, "scheme", code, words + (f", ou écrivez « {near} »" if near else "")
        )


def kinds_that_differ(tables: Tables) -> Iterator[Fault]:
    """A scheme has one kind, here and in the register of perimeters."""
    register: dict[str, str] = {}
    for _, scheme, kind in listed(tables["cpts/perimeters"], "scheme", "kind"):
        register.setdefault(scheme, kind)
    for line, scheme, kind in listed(tables[SCHEMES], "scheme", "kind"):
        other = register.get(scheme, kind)
        if other != kind and (other in _REGISTERED or kind in _REGISTERED):
            yield tables.fault(
                SCHEMES, line, "kind", kind,
                f"contredit cpts/perimeters.csv, où « {scheme} » est « {other} » : corrigez l'un des deux",
            )  # fmt: skip


def districts_elsewhere(tables: Tables) -> Iterator[Fault]:
    """The code of a district begins with the département of its commune."""
    for line, district, commune in listed(tables[DISTRICTS], "district", "commune"):
        department = district[2:5].removeprefix("0")
        if not commune.startswith(department):
            yield tables.fault(
                DISTRICTS, line, "district", district,
                f"est un quartier du département {department}, et la commune {commune} n'y est pas : corrigez l'un des deux",
            )  # fmt: skip
