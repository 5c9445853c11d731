"""docs/helpers.md is what the docstrings give, and names what a notebook calls."""

from __future__ import annotations

import importlib.util

from tests.conftest import ROOT


def _tool():
    spec = importlib.util.spec_from_file_location("list_helpers", ROOT / "tools" / "list_helpers.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_the_one_the_docstrings_give():
    tool = _tool()
    assert tool.PAGE.read_text(encoding="utf-8") == tool.page(), "lancez « python tools/list_helpers.py »"


def test_it_names_figures_and_methods_and_no_inner_room():
    text = _tool().page()
    for name in ("`dots(", "`mann_kendall(", "`difference(", "`Study`"):
        assert name in text
    assert "### `helpers.pipeline" not in text
    assert "### `helpers.intake" not in text
