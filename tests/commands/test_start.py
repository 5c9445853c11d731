"""Commands start without what they do not need: the import of pandas takes longer than all that they do."""

import subprocess
import sys

import pytest

from helpers.intake import starting

SLOW = {"pandas", "numpy", "matplotlib", "nbformat", "papermill", "rich", "jinja2"}
# What draws and what computes: `check` judges cells and does neither.
DRAWS_OR_COMPUTES = {"matplotlib", "seaborn", "scipy.stats", "statsmodels", "IPython", "jinja2"}


def imported(command, among):
    """Modules of `among` that `cpts command` imports in a process of its own."""
    code = f"""
import sys
from helpers.commands.main import main
try:
    main({command!r})
except SystemExit as left:
    assert not left.code, left.code
print(sorted({among!r} & set(sys.modules)), file=sys.stderr)
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return ran.stderr.strip()


@pytest.mark.parametrize(
    "command", [["--help"], ["list"], ["tables"], ["render", "--help"], ["claims", "--help"]]
)
def test_nothing_slow_is_imported(command):
    assert imported(command, SLOW) == "[]"


def test_a_filled_package_is_checked_without_what_draws_or_computes(tmp_path):
    """Answers, coded material, perimeters and indicators are all judged here: `--example` fills them."""
    starting.new(tmp_path / "ma-cpts", example=True)
    assert imported(["check", str(tmp_path / "ma-cpts")], DRAWS_OR_COMPUTES) == "[]"
