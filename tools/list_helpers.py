"""Write docs/helpers.md: every public function and class of `helpers`, with the first line of its docstring.

`python tools/list_helpers.py` writes the page; a test holds that it is the one the docstrings give.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "helpers.md"
SOURCE = ROOT / "src" / "helpers"
# What a notebook does not call: how a file is read and judged, how a report is made, how a command reads its line.
INNER = {"files", "intake", "pipeline", "commands", "reproductions"}
HEAD = (
    "# Helpers, by wing\n\nWritten by `python tools/list_helpers.py` from the docstrings: do not edit. "
    "`help(rates.rate)` in a notebook prints the whole docstring (units, shapes, refusals, source of the method). "
    "Figures with their code: report `90_galerie_figures`.\n"
)


def page() -> str:
    """The page as Markdown: one section per wing, one table per module, in alphabetical order."""
    parts = [HEAD]
    for wing in sorted({path.relative_to(SOURCE).parts[0] for path in SOURCE.rglob("*.py")}):
        name = wing.removesuffix(".py")
        if name in INNER or name.startswith("__"):
            continue
        modules = [SOURCE / wing] if wing.endswith(".py") else sorted((SOURCE / wing).rglob("*.py"))
        parts.append(f"## {name}\n")
        parts += [
            text
            for path in modules
            if not INNER & set(path.relative_to(SOURCE).parts)
            if (text := _module(path))
        ]
    return "\n".join(parts).rstrip("\n") + "\n"


def _module(path: Path) -> str:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    rows = [f"| `{name}` | {line} |" for name, line in _public(tree)]
    if not rows:
        return ""
    dotted = ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__")
    return "\n".join(
        [
            f"### `{dotted}`\n",
            f"{_line(ast.get_docstring(tree))}\n",
            "| Name | Purpose |",
            "|---|---|",
            *rows,
            "",
        ]
    )


def _public(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            called = f"({_arguments(node.args)})" if isinstance(node, ast.FunctionDef) else ""
            yield node.name + called, _line(ast.get_docstring(node))


def _arguments(given: ast.arguments) -> str:
    by_place = [argument.arg for argument in (*given.posonlyargs, *given.args)]
    by_name = [argument.arg for argument in given.kwonlyargs]
    return ", ".join(by_place + (["*", *by_name] if by_name else []))


def _line(docstring: str | None) -> str:
    first = (docstring or "").partition("\n\n")[0].replace("\n", " ")
    return first.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} : {page().count(chr(10) + '| `')} fonctions et classes")
