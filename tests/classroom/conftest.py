"""What the tests of the classroom share: a notebook of the seminar is run once, a class is made once."""

from __future__ import annotations

import zipfile

import pytest

from helpers.classroom import folders


@pytest.fixture(scope="session", autouse=True)
def run_once(sessions_run):
    """Each notebook of the seminar is executed once for the folder of the class, the slides, the sheet and the checks."""
    patch = pytest.MonkeyPatch()
    run = folders.executed
    patch.setattr(
        folders, "executed", lambda path, paquet="": run(path, paquet) if paquet else sessions_run[path]
    )
    yield
    patch.undo()


@pytest.fixture(scope="session")
def room(tmp_path_factory):
    """A class of two pairs, and the kit of the first one, unzipped."""
    place = tmp_path_factory.mktemp("classe")
    made = folders.Class(place / "a", "3h", ("ada", "max"), 1, 3)
    zips = folders.make(made)
    with zipfile.ZipFile(zips[0]) as archive:
        archive.extractall(place / "kit")
    return made, zips, place / "kit" / "seminaire-ada"
