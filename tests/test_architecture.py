"""The house holds: import directions, one lock for all, the layout of the notebooks."""

from __future__ import annotations

import ast
import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
# The template of `cpts notebook new` keeps the rules that it teaches.
TEMPLATE = ROOT / "src" / "helpers" / "pipeline" / "notebook_template" / "modele.ipynb"
NOTEBOOKS = [*sorted((ROOT / "notebooks").glob("*.ipynb")), TEMPLATE]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_import_directions():
    linter = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_the_house_has_few_rooms_and_no_file_outside_them():
    """A wing is named by its question; what no wing holds is the ground: our exceptions and the French of numbers."""
    inside = [path for path in (ROOT / "src" / "helpers").iterdir() if path.name != "__pycache__"]
    wings = [path.name for path in inside if path.is_dir()]
    assert len(wings) <= 20, wings
    ground = {"__init__.py", "__main__.py", "errors.py", "french.py", "py.typed"}
    assert {path.name for path in inside if path.is_file()} == ground
    assert all(
        (path / "__init__.py").read_text(encoding="utf-8").startswith('"""')
        for path in inside
        if path.is_dir()
    )
    held = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = " ".join(layer for contract in held["contracts"] for layer in contract.get("layers", []))
    assert set(re.findall(r"helpers\.(\w+)", layers)) == {*wings, "errors", "french"}


def lock_pins() -> dict[str, set[str]]:
    pins: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", lock_text(), re.MULTILINE):
        pins.setdefault(canonicalize_name(name), set()).add(version)
    return pins


def lock_text() -> str:
    return (ROOT / "requirements.lock").read_text(encoding="utf-8")


def direct_requirements() -> list[Requirement]:
    extras = [item for group in PROJECT.get("optional-dependencies", {}).values() for item in group]
    return [Requirement(item) for item in [*PROJECT["dependencies"], *extras]]


@pytest.mark.parametrize("requirement", direct_requirements(), ids=str)
def test_every_direct_dependency_is_pinned_as_asked(requirement):
    versions = lock_pins().get(canonicalize_name(requirement.name))
    assert versions, f"{requirement.name} manque dans requirements.lock : lancez « make lock »"
    assert all(requirement.specifier.contains(version) for version in versions)


def imported(*folders: str) -> dict[str, str]:
    """Packages of others imported in the Python files of these folders, each with one file that does."""
    own = {path.stem for folder in folders for path in (ROOT / folder).rglob("*")} | {*folders, "helpers"}
    found = {}
    for path in (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            found |= {name.split(".")[0]: str(path.relative_to(ROOT)) for name in names}
    return {name: path for name, path in found.items() if name not in own | set(sys.stdlib_module_names)}


@pytest.mark.parametrize("folders", [("src",), ("tests", "tools", "benchmarks")], ids="+".join)
def test_every_import_is_declared(folders):
    """What a file imports stands in pyproject.toml, not only under something that happens to need it."""
    whole = [Requirement(item) for item in PROJECT["dependencies"]]
    late = [
        Requirement(item) for name in ("cluster", "relire") for item in PROJECT["optional-dependencies"][name]
    ]
    known = {canonicalize_name(item.name) for item in whole + late}
    if folders != ("src",):
        known = {canonicalize_name(item.name) for item in direct_requirements()}
    # The name of a package and the name of its import, where they differ.
    packages = importlib.metadata.packages_distributions()
    missing = {
        name: path
        for name, path in imported(*folders).items()
        if not known & {canonicalize_name(package) for package in packages.get(name, [name])}
    }
    assert missing == {}


def test_every_pin_has_a_hash_and_no_address():
    blocks = re.split(r"^(?=[A-Za-z0-9_.-]+==)", lock_text(), flags=re.MULTILINE)[1:]
    assert len(blocks) > 50
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in lock_text()
    assert "index-url" not in lock_text()


def test_conda_users_get_the_same_python_and_the_same_lock():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    plain = [item for item in environment["dependencies"] if isinstance(item, str)]
    pip = next(item["pip"] for item in environment["dependencies"] if isinstance(item, dict))
    assert pip == ["--requirement requirements.lock"]
    python = next(item for item in plain if item.startswith("python"))
    assert python.removeprefix("python").strip() == PROJECT["requires-python"]


def test_environment_names_every_direct_dependency():
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    named = set(re.findall(r"^#   (?:\w+: )?([\w. -]+)$", text, re.MULTILINE))
    words = {canonicalize_name(word) for line in named for word in line.split()}
    direct = {canonicalize_name(requirement.name) for requirement in direct_requirements()}
    assert direct <= words, direct - words


def test_pyproject_says_why_each_dependency_is_here():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lines = re.findall(r'^  "([\w-]+)[><=][^"]*",(.*)$', text, re.MULTILINE)
    assert len(lines) >= 20
    assert [name for name, rest in lines if "#" not in rest] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestNotebooks:
    def cells(self, path):
        return json.loads(path.read_text(encoding="utf-8"))["cells"]

    def test_is_stored_without_outputs(self, path):
        code = [cell for cell in self.cells(path) if cell["cell_type"] == "code"]
        assert code
        saved = any(cell["outputs"] or cell["execution_count"] for cell in code)
        assert not saved, (
            f"{path.name} a été enregistré avec ses résultats : lancez « .venv/bin/cpts notebook clean », puis refaites le test."
        )

    def told(self, path):
        """Sources of the cells of code that tell: the parameters have their own rule."""
        for cell in self.cells(path):
            if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", []):
                yield "".join(cell["source"])

    def test_has_short_cells_of_short_lines(self, path):
        for source in self.told(path):
            lines = [line for line in source.splitlines() if line.strip()]
            assert max(map(len, lines)) <= 110, source
            imports = all(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.parse(source).body)
            assert imports or len(lines) <= 9, source

    def test_imports_in_one_cell_before_all_others(self, path):
        importing = [
            any(isinstance(n, ast.Import | ast.ImportFrom) for n in ast.walk(ast.parse(source)))
            for source in self.told(path)
        ]
        assert importing == [True] + [False] * (len(importing) - 1)

    def test_tells_and_lets_helpers_compute(self, path):
        for source in self.told(path):
            nodes = list(ast.walk(ast.parse(source)))
            assert not [
                node for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda)
            ], source
            nested = [
                node for node in nodes if isinstance(node, ast.IfExp) and isinstance(node.orelse, ast.IfExp)
            ]
            assert not nested, source

    def test_leaves_to_the_helpers_what_a_display_has_nothing_to_show(self, path):
        for source in self.told(path):
            chosen = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Expr)]
            assert not [n for n in chosen if isinstance(n.value, ast.IfExp)], (
                f"{source}\n: display.show(…, otherwise=…) dit ce qui s'affiche quand il n'y a rien à montrer."
            )

    def test_has_one_cell_of_literal_parameters_with_help(self, path):
        tagged = [cell for cell in self.cells(path) if "parameters" in cell["metadata"].get("tags", [])]
        assert len(tagged) == 1
        source = "".join(tagged[0]["source"])
        for statement, line in zip(ast.parse(source).body, source.splitlines(), strict=True):
            assert isinstance(statement, ast.Assign)
            ast.literal_eval(statement.value)
            assert "  # " in line, line

    def test_begins_and_ends_as_all_the_others(self, path):
        prose = ["".join(cell["source"]) for cell in self.cells(path) if cell["cell_type"] == "markdown"]
        assert prose[0].startswith("# ")
        # What a CPTS hands to its fund teaches nobody: these two pages do not say what one learns.
        handed = path.stem[:2] in ("07", "08")
        for mark in ("**Question.**", "**Sources.**", *(() if handed else ("**Vous apprendrez**",))):
            assert mark in prose[0]
        last = prose[-1]
        for mark in ("**Se reproduit.**", "**Ne se reproduit pas.**", "**Limites.**"):
            assert mark in last
