"""Make the REFI-QDA fixture of the tests by a real run of `qc` (the package qualitative-coding): import, coding, export.

    python tools/make_refi_fixture.py QC [FILE]

QC is the command `qc` of an environment that has it, for instance one made by `python -m venv ENV && ENV/bin/pip install
qualitative-coding==1.7.8`. FILE is `tests/fixtures/refi/qc.qdpx` unless given. The two texts are invented. `qc` codes lines:
it opens the text and a file of codes in an editor, which here is a script that writes the codes. Needs nothing but the
standard library. QualCoder, the program that most would use, is not in the Python package index.
"""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

FILE = Path(__file__).resolve().parents[1] / "tests" / "fixtures" / "refi" / "qc.qdpx"
SOURCES = {
    "entretien_a.txt": [
        "La salle de pause sert de salle de crise, faute de mieux.",
        "Hélène Tournesol garde les clés & le planning 🗝.",
        "Nous partageons la même carte depuis l'hiver.",
    ],
    "entretien_b.txt": [
        "Le formulaire demande trois fois la même adresse.",
        "On se parle au marché, pas en réunion.",
    ],
}
CODEBOOK = "- freins:\n  - locaux\n  - papiers\n- leviers:\n  - cartes\n  - liens\n"
# Who coded what: for each coder and source, the codes of each line.
CODINGS = {
    "Paule Exemple": {"entretien_a.txt": ["locaux", "", "cartes"], "entretien_b.txt": ["papiers", "liens"]},
    "second": {"entretien_a.txt": ["locaux", "liens", "cartes, leviers"], "entretien_b.txt": ["papiers", ""]},
}
EDITOR = """#!{python}
import json, pathlib, sys
codes = json.loads(pathlib.Path({codes!r}).read_text(encoding="utf-8"))
text = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
lines = next(lines for lines in codes if lines["text"] == text)["codes"]
pathlib.Path(sys.argv[2]).write_text("\\n".join(lines) + "\\n", encoding="utf-8")
"""


def make(qc: str, file: Path) -> None:
    """Run `qc` in a folder of its own and write what it exports."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)

        def run(*arguments: str) -> None:
            done = subprocess.run(
                [qc, *arguments],
                cwd=place,
                capture_output=True,
                text=True,
                check=False,
                env=os.environ | {"PYTHONUTF8": "1"},
            )
            if done.returncode:
                raise SystemExit(f"qc {' '.join(arguments)} failed: {done.stdout[-500:]}{done.stderr[-800:]}")

        run("init", "--write-settings-file")
        codes, editor = place / "codes.json", place / "editor.py"
        editor.write_text(EDITOR.format(python=sys.executable, codes=str(codes)), encoding="utf-8")
        editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
        settings = place / "settings.yaml"
        command = f'{editor} "{{corpus_file_path}}" "{{codes_file_path}}"'
        own = {"script": {"name": "script", "code_command": command, "memo_command": command}}
        text = settings.read_text(encoding="utf-8").replace("editor: code", "editor: script")
        settings.write_text(f"{text}editors: {json.dumps(own)}\n", encoding="utf-8")
        run("init")
        for name, lines in SOURCES.items():
            (place / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
            run("corpus", "import", "--importer", "verbatim", name)
        for coder, coded in CODINGS.items():
            for name, lines in coded.items():
                imported = (place / "corpus" / name).read_text(encoding="utf-8")
                codes.write_text(json.dumps([{"text": imported, "codes": lines}]), encoding="utf-8")
                run("code", coder, "--pattern", name)
        (place / "codebook.yaml").write_text(CODEBOOK, encoding="utf-8")
        run("codebook")
        run("export", str(file.resolve()))


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    make(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) == 3 else FILE)
