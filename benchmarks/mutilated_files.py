"""Fifty files that are not what a person meant to give: cut, changed, bombs, wrong encodings, locked, pictures only."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

from helpers.rereading.documents import Document

_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # an office file with a password is an OLE file, no archive
_MAIN = {"docx": "word/document.xml", "odt": "content.xml"}


def made(document: Document, folder: Path, seed: int) -> Iterator[tuple[str, Path]]:
    """Name of what was done, and the file, fifty times; each is to be read or refused in one sentence.

    `folder` holds o.docx and o.odt, the document in these formats.
    """
    text = "\n".join(line.text for line in document.lines)
    whole = {
        "txt": text.encode(),
        "docx": (folder / "o.docx").read_bytes(),
        "odt": (folder / "o.odt").read_bytes(),
        "pdf": pdf(text.split("\n")),
    }
    draw = random.Random(seed)
    found: list[tuple[str, str, bytes]] = []
    for suffix, content in whole.items():
        found += [
            ("vide", suffix, b""),
            ("blancs", suffix, b" \n\n "),
            *((f"coupé à {part} %", suffix, content[: len(content) * part // 100]) for part in (5, 50, 98)),
            ("octets changés", suffix, _changed(content, draw)),
            ("octets changés encore", suffix, _changed(content, draw)),
            ("protégé", suffix, _LOCKED + bytes(4000)),
        ]
    for suffix, member in _MAIN.items():
        found += [
            ("bombe", suffix, _archive({member: b"0" * 30_000_000})),
            ("sans sa partie", suffix, _archive({"autre.xml": b"<a/>"})),
            (
                "partie coupée",
                suffix,
                _archive(_members(whole[suffix]) | {member: _members(whole[suffix])[member][:900]}),
            ),
            ("entités", suffix, _archive({member: b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'})),
            ("chemin qui sort", suffix, _archive({member: b"<a/>", "../x": b"x"})),
        ]
    found += [
        ("en UTF-16", "txt", text.encode("utf-16")),
        ("en Latin-1", "txt", text.encode("latin-1", "replace")),
        ("un DOCX nommé PDF", "pdf", whole["docx"]),
        ("un PDF nommé DOCX", "docx", whole["pdf"]),
        ("un texte nommé ODT", "odt", whole["txt"]),
        ("un DOCX nommé texte", "txt", whole["docx"]),
        ("mot de passe", "pdf", pdf(text.split("\n"), locked=True)),
        ("images seules", "pdf", pdf([])),
    ]
    for rank, (name, suffix, content) in enumerate(found):
        path = folder / f"abime{rank}.{suffix}"
        path.write_bytes(content)
        yield f"{suffix.upper()} {name}", path


def pdf(lines: list[str], *, locked: bool = False) -> bytes:
    """A PDF of one page of text, or of a drawing when there is none; `locked` asks for a password that nobody has."""
    said = "".join(f"({_plain(line)}) Tj T*\n" for line in lines)
    stream = (f"BT /F1 9 Tf 11 TL 40 800 Td\n{said}ET" if lines else "10 10 100 100 re f").encode("latin-1")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]  # fmt: skip
    trailer = b""
    if locked:
        key = b"<" + b"5a" * 32 + b">"
        objects.append(b"<</Filter/Standard/V 1/R 2/P -4/O%s/U%s>>" % (key, key))
        trailer = b"/Encrypt 6 0 R/ID[<00><00>]"
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    begin = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(
        b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, begin)
    )
    return out.getvalue()


def _plain(line: str) -> str:
    kept = line.encode("cp1252", "replace").decode("latin-1")
    return kept.replace("\\", "").replace("(", "\\(").replace(")", "\\)").replace("\t", " ")


def _changed(content: bytes, draw: random.Random) -> bytes:
    made_of = bytearray(content)
    for _ in range(draw.randint(2, 6)):
        at = draw.randrange(len(made_of))
        made_of[at : at + draw.randint(1, 40)] = draw.randbytes(draw.randint(1, 40))
    return bytes(made_of)


def _members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _archive(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()
