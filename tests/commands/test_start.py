"""Commands start without what they do not need: the import of pandas takes longer than all that they do."""

import subprocess
import sys

import pytest

SLOW = {"pandas", "numpy", "matplotlib", "nbformat", "papermill", "rich", "jinja2"}


@pytest.mark.parametrize(
    "command", [["--help"], ["list"], ["tables"], ["render", "--help"], ["claims", "--help"]]
)
def test_nothing_slow_is_imported(command):
    code = f"""
import sys
from helpers.commands.main import main
try:
    main({command!r})
except SystemExit as left:
    assert not left.code, left.code
print(sorted({SLOW!r} & set(sys.modules)), file=sys.stderr)
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stderr.strip() == "[]"
