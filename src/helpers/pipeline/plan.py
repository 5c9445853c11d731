"""Which reports to make: notebooks, parameter values, one report per row of a table, run lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from helpers import catalog, french
from helpers.errors import UnknownName, UsageError, reason
from helpers.pipeline.parameters import Notebook, choose

# A pair of a CPTS and another scheme is the row of no table: the articulation wing knows which there are.
PAIR = "paire"


@dataclass(frozen=True)
class Report:
    """One report to make: a notebook, the checked values of its parameters, the name of its files."""

    notebook: Notebook
    values: dict[str, Any] = field(hash=False)
    name: str


def reports(
    names: Sequence[str], given: Mapping[str, Any], *, each: str | None = None, folder: Path | None = None
) -> list[Report]:
    """Reports of the notebooks `names` (all when empty) with the values `given`, one per row of a table with `each`.

    With several notebooks a parameter goes to those that have it. `each` is `PARAMETER`, `PARAMETER=TABLE` or
    `PARAMETER=TABLE:COLUMN`; the column is by default the one named like the parameter, the table the one named
    `PARAMETER/PARAMETER`, else the only one with that key; `paire` alone is every pair of a CPTS and another scheme
    (`articulation.pairs.known`). Raises UnknownName for a parameter that
    no notebook has, UsageError when two reports would have the same name.
    """
    chosen = choose(list(names), folder)
    everywhere = {parameter.name for notebook in chosen for parameter in notebook.parameters}
    for name in given:
        if name not in everywhere:
            raise UnknownName("Paramètre", name, everywhere)
    found = []
    for notebook in chosen:
        own = {parameter.name for parameter in notebook.parameters}
        values = {name: value for name, value in given.items() if name in own}
        if each is None:
            found.append(Report(notebook, notebook.values(values), notebook.slug))
        elif each.partition("=")[0] in own:
            found += _one_per_row(notebook, values, each)
    if each is not None and not found:
        raise UnknownName("Paramètre", each.partition("=")[0], everywhere)
    return _distinct(found)


def from_list(path: Path, *, folder: Path | None = None) -> list[Report]:
    """Reports of a run list in YAML.

    `defaults` gives parameter values to all; `reports` lists items with `notebook`, and optionally `parameters` and `each`.
    Raises UsageError for a file that is not of this form.
    """
    import yaml

    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"La liste « {path} » n'a pas pu être lue : {reason(error)}.") from None
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        # What was opened and never closed is told where it begins.
        place = getattr(error, "context_mark", None) or getattr(error, "problem_mark", None)
        where = f", ligne {place.line + 1}" if place else ""
        raise UsageError(
            f"La liste « {path} » n'est pas un fichier YAML lisible{where} : vérifiez les retraits, les deux-points, les "
            "accolades et les guillemets, et enregistrez-la en UTF-8."
        ) from None
    items = content.get("reports") if isinstance(content, dict) else None
    if not isinstance(items, list) or not items:
        raise UsageError(f"La liste « {path} » doit avoir une entrée « reports » avec au moins un rapport.")
    defaults = content.get("defaults") or {}
    found: list[Report] = []
    # A list of a thousand reports names few notebooks: each is looked for once.
    chosen = cache(lambda name: choose([name], folder)[0])
    for number, item in enumerate(items, start=1):
        if (
            not isinstance(item, dict)
            or "notebook" not in item
            or set(item) - {"notebook", "parameters", "each"}
        ):
            raise UsageError(
                f"« {path} », rapport {number} : écrivez « notebook », et si besoin « parameters » et « each »."
            )
        found += _listed(chosen(str(item["notebook"])), item, defaults)
    return _distinct(found)


def _listed(notebook: Notebook, item: Mapping[str, Any], defaults: Mapping[str, Any]) -> list[Report]:
    own = {parameter.name for parameter in notebook.parameters}
    asked = item.get("parameters") or {}
    values = {**{name: value for name, value in defaults.items() if name in own}, **asked}
    if item.get("each"):
        return _one_per_row(notebook, values, str(item["each"]))
    checked = notebook.values(values)
    return [Report(notebook, checked, variant_name(notebook.slug, asked))]


def _one_per_row(notebook: Notebook, values: Mapping[str, Any], each: str) -> list[Report]:
    parameter, _, place = each.partition("=")
    if parameter not in {known.name for known in notebook.parameters}:
        raise UnknownName(
            f"Paramètre de {notebook.slug}", parameter, [known.name for known in notebook.parameters]
        )
    if parameter in values:
        raise UsageError(
            f"« {parameter} » est donné deux fois, par « each » et par sa valeur : retirez l'un des deux."
        )
    package = catalog.open_package(values.get("paquet"))
    table, _, column = place.partition(":")
    column = column or parameter
    keys = (
        _pairs(package)
        if each == PAIR
        else catalog.distinct(table or _keyed_by(parameter, package), column, package)
    )
    found = []
    for key in keys:
        # As text, the value is read and checked like one of the command line.
        checked = notebook.values(
            {**values, parameter: f"{key:.15g}" if isinstance(key, float) else str(key)}
        )
        found.append(Report(notebook, checked, variant_name(notebook.slug, {parameter: checked[parameter]})))
    return found


def _pairs(package: catalog.Package) -> list[Any]:
    # Half a second of imports that no other report of a plan needs.
    from helpers.articulation import pairs

    return list(pairs.known(catalog.Study(package))[PAIR].dropna().drop_duplicates())


def _keyed_by(column: str, package: catalog.Package) -> str:
    # The table "cpts/cpts" is the register of the values of the parameter `cpts`, whatever other tables have that key.
    register = f"{column}/{column}"
    resources = package.reachable()
    if any(resource["name"] == register for resource in resources):
        return register
    found = [item["name"] for item in resources if item["schema"].get("primaryKey") in (column, [column])]
    # A table of the package itself comes before those of the project that it extends.
    found = [name for name in found if package.describes(name)] or found
    if len(found) == 1:
        return str(found[0])
    if not found:
        raise UsageError(
            f"Aucun tableau n'a « {column} » pour clé : dites lequel avec --each {column}=TABLEAU:COLONNE."
        )
    raise UsageError(
        f"Plusieurs tableaux ont « {column} » pour clé ({', '.join(found[:6])}) : choisissez avec --each {column}=TABLEAU."
    )


def variant_name(slug: str, values: Mapping[str, Any]) -> str:
    """Name of the files of a report with its own values: "02_articulation_dts--taille-4"."""
    parts = [f"{name}-{_plain(value)}" for name, value in sorted(values.items())]
    return "--".join([slug, *parts])


def _plain(value: Any) -> str:
    text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    return re.sub(r"[^A-Za-z0-9.]+", "_", french.unaccented(text)).strip("_.")[:60] or "vide"


def _distinct(found: Iterable[Report]) -> list[Report]:
    kept = list(found)
    names = [report.name for report in kept]
    repeated = (
        next((name for name in names if names.count(name) > 1), None)
        if len(set(names)) < len(names)
        else None
    )
    if repeated is not None:
        raise UsageError(
            f"Deux rapports porteraient le même nom « {repeated} » : leurs valeurs ne se distinguent pas."
        )
    return kept
