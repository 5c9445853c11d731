"""`cpts seminar`: make a class, take back what it did, and check that the exercises hold."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click

from helpers.catalog import Study
from helpers.commands.command_line import Group, option
from helpers.errors import RunError


@click.group("seminar", cls=Group)
def seminar_group() -> None:
    """Préparer une classe sur les chiffres publiés, et lire ce qu'elle rend."""


@seminar_group.command("list")
def list_command() -> None:
    """Les exercices, séance par séance, avec leur objectif et leurs minutes."""
    from helpers.classroom import guide
    from helpers.seminar import exercises

    study = Study("")
    rows = study.table("seminar/exercises").set_index("exercise_id")
    session = ""
    for name, item in exercises.exercises(study).items():
        if item.session != session:
            session = item.session
            click.echo(session)
        low, high = rows.loc[name, ["minutes_min", "minutes_max"]]
        click.echo(f"    {item.number} {name} ({low} à {high} min, {'★' * item.level}) : {item.objective}")
    for form, said in guide.FORMS.items():
        days = " + ".join(f"{total} min" for total in guide.minutes(form, study))
        click.echo(f"{form} ({said}) : {days}")


@seminar_group.command("check")
def check_command() -> None:
    """Chaque réponse juste, chaque erreur avec son indice, aucune fuite, des minutes qui s'additionnent."""
    from helpers.classroom import soundness

    faults, said = soundness.check(Study(""))
    for fault in faults:
        click.echo(fault)
    click.echo(said)
    if faults:
        raise SystemExit(1)


@seminar_group.command("new")
@click.argument("folder", metavar="DOSSIER", type=click.Path(path_type=Path))
@option("--format", "form", type=click.Choice(["3h", "3j"]), default="3h", show_default=True, help="Durée.")
@option(
    "--students", default="20", show_default=True, metavar="N|FICHIER", help="Binômes, ou leurs pseudonymes."
)
@option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, metavar="N", help="Graine : même classe."
)
@option(
    "--errors",
    type=click.IntRange(1, 12),
    metavar="N",
    help="Erreurs plantées (par défaut 5 en 3h, 8 en 3j).",
)
@option(
    "--paquet",
    metavar="DOSSIER",
    default="",
    help="Copie de data d'où partir (par défaut les données du projet).",
)
def new_command(folder: Path, form: str, students: str, seed: int, errors: int | None, paquet: str) -> None:
    """Écrire le DOSSIER d'une classe : celui du formateur, et un zip par binôme avec ses erreurs plantées."""
    from helpers.classroom import folders

    planted = errors or {"3h": 5, "3j": 8}[form]
    room = folders.Class(folder, form, folders.pseudonyms(students), seed, planted, paquet)
    click.echo(folders.said(room, folders.make(room)))


@seminar_group.command("plant")
@click.argument("source", metavar="PAQUET", type=click.Path(path_type=Path))
@click.argument("target", metavar="DOSSIER", type=click.Path(path_type=Path))
@option("--seed", default="1", show_default=True, metavar="N", help="Graine.")
@option("--errors", type=click.IntRange(1, 12), default=5, show_default=True, metavar="N", help="Erreurs.")
def plant_command(source: Path, target: Path, seed: str, errors: int) -> None:
    """Copier un PAQUET dans un DOSSIER neuf et y planter des erreurs ; leur plan s'écrit à côté (DOSSIER.plan.csv)."""
    from helpers.seminar import planting

    plan = planting.plant(source, target, seed, errors=errors)
    path = target.with_name(f"{target.name}.plan.csv")
    plan.to_csv(path, index=False, lineterminator="\n")
    click.echo(f"{len(plan)} erreurs plantées dans {target} ; leur plan est dans {path}.")


@seminar_group.command("slides")
@click.argument("notebook", metavar="CARNET")
@option("--paquet", metavar="DOSSIER", default="", help="Votre paquet de données.")
@option("--out", metavar="DOSSIER", type=click.Path(path_type=Path), help="Où écrire (par défaut reports).")
def slides_command(notebook: str, paquet: str, out: Path | None) -> None:
    """Exécuter un CARNET (s1_refaire, 02…) et en écrire les diapositives : une page, sans réseau, qui s'imprime en A4."""
    from helpers.classroom import folders, slides
    from helpers.pipeline import batch, parameters, run

    own = {path.stem: path for path in folders.masters()}
    if notebook in own:
        known, node = folders.executed(own[notebook], paquet)
        report = ""
    else:
        (known,) = parameters.choose([notebook])
        node = run.execute(known, {"paquet": paquet} if paquet else {}).node
        report = f"{known.slug}.html"
    path = _written(
        out or batch.DEFAULT_OUT, f"diapos_{known.slug}.html", slides.page(node, known, report=report)
    )
    click.echo(f"Diapositives écrites : {path} (flèches, Début, Fin ; N montre les notes).")


@seminar_group.command("sheet")
@option("--session", metavar="CARNET", default="", help="Une séance : s1_refaire (par défaut toutes).")
@option("--paquet", metavar="DOSSIER", default="", help="Votre paquet de données.")
@option("--out", metavar="DOSSIER", type=click.Path(path_type=Path), help="Où écrire (par défaut reports).")
def sheet_command(session: str, paquet: str, out: Path | None) -> None:
    """Écrire la fiche des exercices à la calculatrice : une page qui s'ouvre et vérifie sans installation."""
    from helpers.classroom import folders, sheet
    from helpers.pipeline import batch

    chosen = sheet.sessions(Study(paquet), session)
    nodes = [folders.executed(path, paquet)[1] for path in folders.masters() if path.stem in chosen]
    path = _written(
        out or batch.DEFAULT_OUT, sheet.FILE, sheet.page(nodes, Study(paquet), salt="observatoire")
    )
    click.echo(f"Fiche écrite : {path}. Elle s'ouvre d'un dossier ou d'une clé, et s'imprime.")


def _written(folder: Path, name: str, page: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(page, encoding="utf-8", newline="\n")
    return path


@seminar_group.command("collect")
@click.argument("folder", metavar="DOSSIER", type=click.Path(path_type=Path, file_okay=False))
def collect_command(folder: Path) -> None:
    """Lire les dossiers rendus (DOSSIER/rendus/PSEUDONYME) : un tableau et la carte de la classe."""
    from helpers.classroom import collection

    for sentence in collection.collect(folder, Study("")):
        click.echo(sentence)


@seminar_group.command("score")
@click.argument("folder", metavar="DOSSIER", type=click.Path(path_type=Path, file_okay=False))
def score_command(folder: Path) -> None:
    """Compter les points de la chasse aux erreurs de chaque binôme."""
    from helpers.classroom import collection

    for sentence in collection.score(folder, Study("")):
        click.echo(sentence)


@seminar_group.command("wheelhouse")
@click.argument("folder", metavar="DOSSIER", type=click.Path(path_type=Path, file_okay=False))
def wheelhouse_command(folder: Path) -> None:
    """Télécharger une fois, avec réseau, ce que les dossiers d'étudiants installent ensuite sans réseau."""
    from helpers.classroom.folders import ROOT

    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--disable-pip-version-check",
        "--only-binary=:all:",
    ]
    done = subprocess.run([*command, "-r", str(ROOT / "requirements.lock"), "-d", str(folder)], check=False)
    if done.returncode:
        raise RunError(
            "Le téléchargement n'a pas abouti : vérifiez le réseau, puis relancez, il reprend où il en est."
        )
    click.echo(f"✓ {len(list(folder.glob('*.whl')))} paquets dans {folder}, pour cette machine et ce Python.")


@seminar_group.command("certificate")
@option(
    "--claims", "pattern", default="*", show_default=True, metavar="MOTIF", help="Chiffres : miller2022.t3.*"
)
@option("--paquet", metavar="DOSSIER", default="", help="Votre paquet (par défaut les données du projet).")
@option("--out", metavar="DOSSIER", type=click.Path(path_type=Path), help="Où écrire (par défaut reports).")
@option(
    "--verify", "given", metavar="FICHIER", type=click.Path(path_type=Path), help="Comparer à un certificat."
)
@option("--pdf", is_flag=True, help="Imprimer aussi la page en PDF (Chromium de la machine).")
def certificate_command(pattern: str, paquet: str, out: Path | None, given: Path | None, pdf: bool) -> None:
    """Certifier des chiffres (codecheck.yml et page) ; mêmes données, mêmes chiffres : même numéro."""
    from helpers.classroom import certificate
    from helpers.pipeline import batch
    from helpers.pipeline.pdf import print_reports

    study = certificate.opened(paquet)
    if given is not None:
        differing = certificate.verify(given, study)
        for sentence in differing:
            click.echo(sentence)
        if differing:
            raise SystemExit(1)
        click.echo("Rien ne diffère : le certificat se retrouve.")
        return
    told = certificate.certificate(pattern, study)
    paths = certificate.write(told, out or batch.DEFAULT_OUT)
    paths += print_reports(paths[1:]) if pdf else []
    click.echo(f"{told['certificate']} : {told['summary']} Écrit : {', '.join(map(str, paths))}.")
