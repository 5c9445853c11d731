"""`cpts notebook` and `cpts tables`: begin a notebook, store one without its outputs, know the tables it may read."""

from __future__ import annotations

from pathlib import Path

import click

from helpers import catalog
from helpers.commands.command_line import Command, Group, option


@click.group("notebook", cls=Group)
def notebook_group() -> None:
    """Commencer un carnet, ou ôter les résultats d'un carnet enregistré."""


@notebook_group.command("new")
@click.argument("name", metavar="NOM")
@option("--title", default="", metavar="TITRE", help="Titre du carnet (par défaut tiré du nom).")
@option("--into", metavar="DOSSIER", type=click.Path(path_type=Path), help="Autre dossier que notebooks.")
def new_command(name: str, title: str, into: Path | None) -> None:
    """Écrire le carnet NOM (13_effectifs, par exemple) d'après le modèle ; « cpts render » le rend tel quel."""
    from helpers.pipeline import notebook

    path = notebook.new(name, title=title, folder=into)
    click.echo(
        f"✓ {path} : ses commentaires disent les règles ; « make lab » l'ouvre, « cpts render {path} » le rend."
    )


@notebook_group.command("clean")
@click.argument("files", metavar="[CARNET]…", nargs=-1, type=click.Path(path_type=Path))
def clean_command(files: tuple[Path, ...]) -> None:
    """Ôter les résultats enregistrés dans les CARNETS (par défaut tous ceux du projet)."""
    from helpers.pipeline import notebook

    changed = notebook.clean(files)
    for path in changed:
        click.echo(f"✓ {path.name} : résultats ôtés.")
    if not changed:
        click.echo("Aucun carnet n'avait de résultats.")


@click.command("tables", cls=Command)
@click.argument("name", metavar="[TABLEAU]", required=False)
@option("--paquet", metavar="DOSSIER", help="Votre paquet (par défaut les données du projet).")
def tables_command(name: str | None, paquet: str | None) -> None:
    """Les tableaux du catalogue, ou les colonnes, unités et codes d'un TABLEAU.

    Le début d'un nom (miller2022) liste les tableaux qui commencent ainsi.
    """
    from helpers.catalog import description

    # The tables that a user fills are described by the model; the project's own data hold only what documents say.
    packages = (
        [catalog.open_package(paquet)]
        if paquet
        else [catalog.open_package(), catalog.Package(catalog.MODEL_FOLDER)]
    )
    known = {item["name"] for package in packages for item in package.reachable()}
    lines = (
        description.table(packages, name)
        if name and name in known
        else description.tables(packages, name or "")
    )
    for line in lines:
        click.echo(line)


COMMANDS = (notebook_group, tables_command)
