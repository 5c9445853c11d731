"""The fictitious package, written once; tests change a copy."""

from __future__ import annotations

import shutil

import pytest

from helpers.intake import starting


@pytest.fixture(scope="session")
def example_folder(tmp_path_factory):
    """Folder of the fictitious package with its workbook; do not write in it."""
    folder = tmp_path_factory.mktemp("example") / "exemple"
    starting.new(folder, example=True, with_workbook=True)
    return folder


@pytest.fixture
def own(tmp_path, example_folder):
    """A copy of the fictitious package, to change."""
    return shutil.copytree(example_folder, tmp_path / "own")
