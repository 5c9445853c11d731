"""Large JSON files read value by value: the members of the top object, its arrays one element at a time.

A file of several hundred megabytes never stands whole in memory; one element of an array does.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import IO, Any, NoReturn

from helpers.errors import DataError

_BLOCK = 1 << 20
LARGEST_ELEMENT = 64 << 20  # characters of one element: far above any establishment
_SPACES = " \t\r\n"


def members(stream: IO[bytes], name: str) -> Iterator[tuple[str, Any]]:
    """Key and value of each member of the top object; for an array, its key again with each of its elements.

    Raises DataError, naming the file `name` and about where, when the file is no JSON object in UTF-8, is cut, or has an element
    larger than LARGEST_ELEMENT.
    """
    reading = _Reading(stream, name)
    reading.expect("{")
    if reading.peek() == "}":
        return
    while True:
        key = reading.value()
        if not isinstance(key, str):
            reading.refuse("un nom de champ est attendu")
        reading.expect(":")
        if reading.peek() == "[":
            reading.expect("[")
            while reading.peek() != "]":
                yield key, reading.value()
                if reading.peek() == ",":
                    reading.expect(",")
                elif reading.peek() != "]":
                    reading.refuse("une virgule est attendue")
            reading.expect("]")
        else:
            yield key, reading.value()
        if reading.peek() == "}":
            return
        reading.expect(",")


class _Reading:
    """A text read forward; what has been read is forgotten."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self.stream, self.name = stream, name
        self.decode = codecs.getincrementaldecoder("utf-8-sig")()
        self.text, self.at, self.before, self.ended = "", 0, 0, False
        self.decoder = json.JSONDecoder()

    def refuse(self, what: str) -> NoReturn:
        raise DataError(
            f"{self.name}, vers le caractère {self.before + self.at + 1} : JSON abîmé ou incomplet ({what}). "
            "Rien n'a été gardé : téléchargez le fichier à nouveau."
        )

    def more(self, size: int) -> None:
        """Read `size` bytes more, forgetting what is behind."""
        self.before += self.at
        self.text, self.at = self.text[self.at :], 0
        block = self.stream.read(size)
        self.ended = not block
        try:
            self.text += self.decode.decode(block, final=self.ended)
        except UnicodeDecodeError:
            self.refuse("caractères qui ne sont pas en UTF-8")

    def peek(self) -> str:
        """The next character that is no space."""
        while True:
            while self.at < len(self.text) and self.text[self.at] in _SPACES:
                self.at += 1
            if self.at < len(self.text):
                return self.text[self.at]
            if self.ended:
                self.refuse("la fin du fichier manque")
            self.more(_BLOCK)

    def expect(self, sign: str) -> None:
        """Go past `sign`."""
        if self.peek() != sign:
            self.refuse(f"« {sign} » est attendu")
        self.at += 1

    def value(self) -> Any:
        """The next value, read again with twice as much text as long as it is not whole."""
        size = _BLOCK
        while True:
            self.peek()
            try:
                found, end = self.decoder.raw_decode(self.text, self.at)
                # A number that touches the end of the text may go on.
                if end < len(self.text) or self.ended:
                    self.at = end
                    return found
            except RecursionError:
                self.refuse("trop de niveaux emboîtés")
            except ValueError:
                if self.ended:
                    self.refuse("une valeur ne se lit pas")
            if len(self.text) - self.at > LARGEST_ELEMENT:
                self.refuse("un élément ne finit pas")
            self.more(size)
            size *= 2
