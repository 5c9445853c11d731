"""Make the Taguette fixtures of the tests by a real run of the program: server, import, tags, highlights, exports.

    python tools/make_taguette_fixture.py PYTHON [FOLDER]

PYTHON is the interpreter of an environment that has Taguette, for instance one made by
`python -m venv ENV && ENV/bin/pip install taguette==1.5.2 "setuptools<81"` (a dependency of Taguette still imports
pkg_resources). FOLDER is `tests/fixtures/taguette` unless given. The interviews below are invented for this purpose: nobody
said these words and no such place exists. They are imported as HTML, because Taguette turns a text file into HTML through
Calibre only. Needs nothing but the standard library; the server listens on this machine alone and is stopped at the end.
"""

from __future__ import annotations

import html
import http.cookiejar
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "fixtures" / "taguette"
PROJECT = "Entretiens inventés"

# Title and paragraphs of each source. Accents, an emoji, an ampersand and bold type test the positions, which Taguette
# counts in UTF-8 bytes without the markup.
SOURCES = {
    "Entretien 1 – coordination": [
        "« Ma fiche de poste tient sur une serviette de cantine », raconte <b>Zélie Quatrevents</b> en souriant.",
        "Le lundi, je cours après les agendas &amp; le mardi après les clés de la salle. Il ne reste rien pour penser.",
        "Depuis que la mairie de Bourg-Imaginaire prête son véhicule, les tournées s'organisent toutes seules 🚐.",
        "L'été dernier, on a tracé ensemble une carte au feutre : les deux périmètres se touchaient à peine.",
    ],
    "Entretien 2 – infirmière": [
        "Je note tout deux fois, une fois dans le cahier bleu, une fois dans le logiciel qui déconnecte à midi.",
        "Avec Barnabé Lune, du contrat local, on s'appelle sans protocole : c'est ça qui fait avancer les dossiers.",
        "Si l'on me libérait trois heures par semaine, je viendrais aux réunions du soir.",
    ],
    "Observation 3": [
        "La réunion commence en retard. Trois chaises restent vides, personne ne s'en étonne.",
        "Quelqu'un propose un tableau commun ; BARNABE LUNE applaudit, le pharmacien invente un nom pour le fichier.",
    ],
}
TAGS = {
    "frein": "Ce qui gêne l'action commune",
    "frein.temps": "Manque d'heures, calendriers impossibles",
    "frein.outils": "Logiciels, cahiers, doubles saisies",
    "levier": "Ce qui aide l'action commune",
    "levier.confiance": "Relations directes entre personnes",
    "Périmètre partagé": "Communes vues ou tracées ensemble",
}
# Source (by rank), words highlighted, tags.
HIGHLIGHTS = [
    (0, "je cours après les agendas & le mardi après les clés de la salle", ["frein.temps"]),
    (0, "Il ne reste rien pour penser", ["frein.temps"]),
    (0, "les tournées s'organisent toutes seules 🚐", ["levier"]),
    (0, "les deux périmètres se touchaient à peine", ["Périmètre partagé", "frein"]),
    (1, "Je note tout deux fois", ["frein.outils"]),
    (1, "Avec Barnabé Lune, du contrat local, on s'appelle sans protocole", ["levier.confiance"]),
    (1, "trois heures par semaine", ["frein.temps"]),
    (2, "Trois chaises restent vides", ["frein"]),
    (2, "un tableau commun ; BARNABE LUNE applaudit", ["levier", "levier.confiance"]),
]
EXPORTS = {
    "codebook.csv": "codebook.csv",
    "codebook.xlsx": "codebook.xlsx",
    "codebook.qdc": "codebook.qdc",
    "highlights.csv": "highlights/.csv",
    "highlights.xlsx": "highlights/.xlsx",
    "project.sqlite3": "project.sqlite3",
}


class Taguette:
    """A single-user Taguette server of this machine, spoken to as its own pages do: cookies, XSRF token, JSON."""

    def __init__(self, python: str, place: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.root = f"http://127.0.0.1:{port}"
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.jar)
        )
        self.opener.addheaders = [("Accept-Language", "fr")]
        self.log = (place / "log.txt").open("w+", encoding="utf-8")
        self.server = subprocess.Popen(
            [
                python,
                "-c",
                "from taguette.main import main; main()",
                "--no-browser",
                "--bind",
                "127.0.0.1",
                "--port",
                str(port),
                "--database",
                str(place / "work.sqlite3"),
            ],
            stdout=self.log,
            stderr=subprocess.STDOUT,
            env=os.environ | {"HOME": str(place)},
        )

    def enter(self) -> None:
        """Wait for the address that the program prints, and open it: its token makes the visitor the only user."""
        for _ in range(300):
            text = Path(self.log.name).read_text(encoding="utf-8")
            if found := re.search(r"\?token=\w+", text):
                self.get("/" + found.group())
                return
            if self.server.poll() is not None:
                raise SystemExit(f"Taguette stopped: {text[-800:]}")
            time.sleep(0.1)
        raise SystemExit("Taguette did not start in 30 seconds.")

    def leave(self) -> None:
        """Stop the server."""
        self.server.terminate()
        self.server.wait(timeout=20)
        self.log.close()

    def get(self, path: str) -> bytes:
        """Content of a page."""
        with self.opener.open(self.root + path, timeout=60) as answer:
            content: bytes = answer.read()
        return content

    def post(self, path: str, body: bytes, content_type: str) -> tuple[str, bytes]:
        """Address where the answer leads, and its content."""
        token = next(cookie.value for cookie in self.jar if cookie.name == "_xsrf")
        request = urllib.request.Request(self.root + path, data=body)
        request.add_header("Content-Type", content_type)
        request.add_header("X-XSRFToken", str(token))
        try:
            with self.opener.open(request, timeout=60) as answer:
                return answer.geturl(), answer.read()
        except urllib.error.HTTPError as error:
            raise SystemExit(f"Taguette refused {path}: {error.code} {error.read()[:300]!r}") from None

    def send(self, path: str, content: dict[str, Any]) -> dict[str, Any]:
        """Answer of the programming interface."""
        answer: dict[str, Any] = json.loads(
            self.post(path, json.dumps(content).encode(), "application/json")[1]
        )
        return answer

    def new_project(self, name: str) -> str:
        """Path of the new project, without its number's prefix."""
        self.get("/project/new")
        form = urllib.parse.urlencode({"name": name, "description": "Essai, textes inventés"}).encode()
        address = self.post("/project/new", form, "application/x-www-form-urlencoded")[0]
        return re.search(r"/project/\d+", address).group()  # type: ignore[union-attr]

    def add_document(self, project: str, title: str, paragraphs: list[str]) -> int:
        """Number of the document made from these paragraphs."""
        page = "<html><body>\n" + "\n".join(f"<p>{text}</p>" for text in paragraphs) + "\n</body></html>\n"
        mark = uuid.uuid4().hex
        fields = {"name": title, "description": "", "text_direction": "LEFT_TO_RIGHT"}
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in fields.items()
        ]
        parts.append(
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="source.html"\r\n'
            f"Content-Type: text/html\r\n\r\n{page}\r\n--{mark}--\r\n"
        )
        body = "".join(parts).encode()
        answer = self.post(f"/api{project}/document/new", body, f"multipart/form-data; boundary={mark}")[1]
        return int(json.loads(answer)["created"])

    def highlight(self, project: str, document: int, words: str, tags: list[int]) -> None:
        """Highlight the words, at the positions that the page would send: UTF-8 bytes of the text without markup."""
        contents = json.loads(self.get(f"/api{project}/document/{document}/contents"))["contents"]
        page = "".join(part["contents"] for part in contents)
        text = html.unescape(re.sub(r"<[^>]+>", "", page)).lstrip()
        start = len(text[: text.index(words)].encode())
        place = {"start_offset": start, "end_offset": start + len(words.encode()), "tags": tags}
        self.send(f"/api{project}/document/{document}/highlight/new", place)


def make(python: str, folder: Path) -> None:
    """Run Taguette and write what it exports into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        program = Taguette(python, Path(place))
        try:
            program.enter()
            project = program.new_project(PROJECT)
            documents = [program.add_document(project, title, text) for title, text in SOURCES.items()]
            tags = {
                path: program.send(f"/api{project}/tag/new", {"path": path, "description": description})["id"]
                for path, description in TAGS.items()
            }
            for rank, words, paths in HIGHLIGHTS:
                program.highlight(project, documents[rank], words, [tags[path] for path in paths])
            for name, path in EXPORTS.items():
                (folder / name).write_bytes(program.get(f"{project}/export/{path}"))
        finally:
            program.leave()


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    make(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) == 3 else FOLDER)
