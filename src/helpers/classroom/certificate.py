"""A certificate of reproduction in the form of `codecheck.yml`: same data, same lock and same figures give the same number."""

from __future__ import annotations

import datetime as dt
import fnmatch
import hashlib
import json
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from helpers import catalog, french
from helpers.catalog import Study, labels
from helpers.classroom import pages
from helpers.classroom.folders import ROOT
from helpers.documents import claims, reproductions
from helpers.errors import DataError, UsageError
from helpers.seminar import planting

FILE, PAGE = "codecheck.yml", "certificat.html"
_OURS = "observatoire"
_VERSION = "https://codecheck.org.uk/spec/config/1.0/"


def figures(pattern: str, study: Study) -> tuple[pd.DataFrame, dict[str, str]]:
    """Verdicts on the claims whose name matches `pattern` ("miller2022.t3.*"), and the SHA-256 of each table that they come from.

    Raises UsageError when no claim matches.
    """
    # Which topic gives a claim and which tables it reads is the same for every package.
    known = planting.ledger()
    topics = [topic for topic, own in known.verdicts.items() if fnmatch.filter(own, pattern)]
    if not topics:
        raise UsageError(f"Aucun chiffre ne s'écrit « {pattern} » : « cpts claims » les liste.")
    table = claims.verdicts(reproductions.recompute(topics, study=study), study)
    chosen = table[[fnmatch.fnmatchcase(str(name), pattern) for name in table.index]].sort_index()
    # The ledger itself is no input: what it prints is among the figures, and our judgements change nothing to them.
    read = sorted({name for topic in topics for name in known.reads[topic]} - {"claims", "claim_bases"})
    return chosen, {name: _digest(study.package.holder(name).content(name)) for name in read}


def certificate(pattern: str, study: Study) -> dict[str, Any]:
    """Content of `codecheck.yml` for the claims that match `pattern`; the date stands outside of what is numbered.

    Raises UsageError when no claim matches.
    """
    table, inputs = figures(pattern, study)
    shown = {
        str(name): [str(row["printed"]), _computed(row), str(row["verdict"])]
        for name, row in table.iterrows()
    }
    lock = _digest((ROOT / "requirements.lock").read_bytes())
    numbered = {"claims": pattern, "inputs": inputs, "lock": lock, "figures": shown}
    counted = table["verdict"].value_counts()
    said = french.listing(f"{counted[name]} {name}" for name in claims.VERDICTS if name in counted)
    titles = [labels.documents().get(str(key), str(key)) for key in table["document"].unique()]
    return {
        "version": _VERSION,
        "paper": {"title": french.listing(titles)},
        "manifest": [{"file": name, "comment": row[2]} for name, row in shown.items()],
        "codechecker": [],
        "summary": f"{french.plural(len(shown), 'chiffre')} : {said}.",
        "check_time": dt.date.today().isoformat(),
        "certificate": _number(numbered),
        _OURS: numbered,
    }


def write(told: dict[str, Any], folder: Path) -> list[Path]:
    """Write `codecheck.yml` and `certificat.html` in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=110)
    (folder / FILE).write_text(text, encoding="utf-8", newline="\n")
    ours = told[_OURS]
    sections = [
        pages.Section("Les chiffres", [], ["Chiffre", "Imprimé", "Recalculé", "Verdict"],
                      [[name, *row] for name, row in ours["figures"].items()]),
        pages.Section("Les tableaux d'où ils viennent", [], ["Tableau", "SHA-256"],
                      [[name, digest[:16]] for name, digest in ours["inputs"].items()]),
    ]  # fmt: skip
    intro = [
        f"{told['paper']['title']}. {told['summary']}",
        "« Écart » n'est pas « faute » : l'auteur peut répondre, et sa réponse paraît avec le verdict.",
    ]
    html = pages.page(f"Certificat {told['certificate']}", intro, sections)
    (folder / PAGE).write_text(html, encoding="utf-8", newline="\n")
    return [folder / FILE, folder / PAGE]


def verify(path: Path, study: Study) -> list[str]:
    """What differs between a certificate and the same claims on this package, as French sentences; none when all is the same.

    Raises DataError for a file that is not such a certificate, or whose number is not that of its content.
    """
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
        ours, number = told[_OURS], told["certificate"]
        parts = [ours[name] for name in ("claims", "inputs", "lock", "figures")]
        given = _number(dict(zip(("claims", "inputs", "lock", "figures"), parts, strict=True)))
        shaped = all(isinstance(ours[name], dict) for name in ("inputs", "figures"))
        if not shaped or not all(isinstance(row, list) and len(row) == 3 for row in ours["figures"].values()):
            raise TypeError
    except (OSError, ValueError, yaml.YAMLError, KeyError, TypeError, RecursionError):
        raise DataError(f"« {path} » n'est pas un certificat de l'observatoire (codecheck.yml).") from None
    if given != number:
        raise DataError(f"« {path} » a été modifié : son numéro {number} n'est pas celui de son contenu.")
    now = certificate(str(ours["claims"]), study)[_OURS]
    changed = [f"{name} : le tableau n'est pas le même." for name in _changed(ours["inputs"], now["inputs"])]
    changed += [
        f"{name} : {_told(ours['figures'].get(name))} dans le certificat, {_told(now['figures'].get(name))} ici."
        for name in _changed(ours["figures"], now["figures"])
    ]
    return changed + (
        ["requirements.lock : les versions ne sont pas les mêmes."] if ours["lock"] != now["lock"] else []
    )


def _changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))


def _told(row: list[str] | None) -> str:
    return "absent" if row is None else f"imprimé {row[0]}, recalculé {row[1] or '—'}, {row[2]}"


def _computed(row: pd.Series[Any]) -> str:
    return "" if pd.isna(row["computed"]) else f"{float(row['computed']):.10g}"


def _number(numbered: dict[str, Any]) -> str:
    text = json.dumps(numbered, ensure_ascii=False, sort_keys=True)
    return f"OBS-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def opened(paquet: str) -> Study:
    """Study of the package to certify; the project's when none is named."""
    return Study(catalog.open_package(paquet or None))
