"""`cpts relire` and `cpts document`: proofread the figures of a document, and let what was confirmed enter the ledger."""

from __future__ import annotations

from pathlib import Path

import click

from helpers import catalog
from helpers.commands.command_line import Command, Group, option

NOTEBOOK = "12_relecture"
PROPOSALS, CHOICES = "claims_proposes.csv", "relecture_choix.html"


@click.command("relire", cls=Command)
@click.argument("file", metavar="FICHIER", type=click.Path(path_type=Path))
@option(
    "--seuil",
    type=click.Choice(("A", "B")),
    metavar="A|B",
    default="B",
    show_default=True,
    help="A : seulement les comparaisons sûres ; B : aussi les indices, repliés.",
)
@option(
    "--out",
    metavar="DOSSIER",
    type=click.Path(path_type=Path),
    help="Dossier du rapport et du CSV (par défaut reports).",
)
def reread_command(file: Path, seuil: str, out: Path | None) -> None:
    """Relire les chiffres d'un document (texte, DOCX, ODT, PDF) : ce qui concorde, ce qui ne concorde pas tel que lu. À l'essai.

    Rien ne quitte la machine. Les noms d'un fichier noms.txt placé à côté du document sont masqués.
    """
    from helpers.files import written
    from helpers.page import exports
    from helpers.pipeline import batch, choices, plan, progress, summary
    from helpers.rereading import proposals, reading

    found = reading.reread(file)
    names = reading.names_beside(str(file))
    target = out or batch.DEFAULT_OUT
    values = {"fichier": str(file), "seuil": seuil}
    reports = plan.reports((NOTEBOOK,), values)
    columns = list(catalog.open_package().table("claims").columns)
    kept = proposals.proposals(found, key=proposals.key_of(file), claims=columns, names=names)
    if seuil == "A":
        kept = kept[kept["rang"] == "A"]
    written.refuse_filled(target / PROPOSALS, proposals.KEEP)
    with progress.shown(len(reports), why=False) as tell:
        outcomes = batch.render(reports, target, batch.Options(force=True), progress=tell)
    summary.write(target, outcomes, whole=False)
    page = choices.page(kept, document=file.name, file=PROPOSALS)
    written.replace(target, {PROPOSALS: exports.csv(kept), CHOICES: page.encode("utf-8")})
    click.echo(
        f"Chiffres lus : {len(found.figures)}, dont {found.not_checked} qui ne sont comparés à rien ; "
        f"comparaisons à regarder, telles que lues : {len(found.gaps)}."
    )
    click.echo(f"✓ {target / PROPOSALS} : a_garder se remplit dans un tableur, ou dans {CHOICES}.")
    click.echo(progress.total(outcomes, target))
    if any(outcome.error for outcome in outcomes):
        raise SystemExit(1)


@click.group("document", cls=Group)
def document_group() -> None:
    """Faire entrer un document relu dans le registre."""


@document_group.command("new")
@click.argument("key", metavar="CLÉ")
@option(
    "--from", "source", metavar="FICHIER", required=True, type=click.Path(path_type=Path),
    help="CSV de « cpts relire », avec oui dans a_garder pour les lignes à garder.",
)  # fmt: skip
@option(
    "--nom",
    default="",
    metavar="NOM",
    help="Nom court du document dans les rapports (par défaut tiré de la clé).",
)
@option("--titre", default="", metavar="TITRE", help="Titre du document, abrégé par vous.")
def new_document_command(key: str, source: Path, nom: str, titre: str) -> None:
    """Écrire le document CLÉ (dupont2025, par exemple) : chiffres, termes, module de recalcul et son test."""
    from helpers.rereading import entering

    for sentence in entering.enter(key, source, name=nom, title=titre):
        click.echo(sentence)


COMMANDS = (reread_command, document_group)
