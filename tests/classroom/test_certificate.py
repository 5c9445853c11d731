"""A certificate: the same number in two folders, another for one changed cell, and what differs is named."""

from __future__ import annotations

import shutil

import pytest

from helpers import catalog
from helpers.classroom import certificate
from helpers.errors import DataError, UsageError
from helpers.intake import check as validation
from tests.project import PROJECT

PATTERN = "miller2022.t3.*"


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    folder = tmp_path_factory.mktemp("copie") / "data"
    shutil.copytree(catalog.package.DEFAULT_FOLDER, folder, ignore=shutil.ignore_patterns("external"))
    return folder


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    told = certificate.certificate(PATTERN, PROJECT)
    return told, certificate.write(told, tmp_path_factory.mktemp("certificat"))


def test_the_same_data_elsewhere_have_the_same_number_and_a_changed_cell_another(written, copied):
    told, (path, page) = written
    assert told["certificate"].startswith("OBS-")
    assert all(item["file"].startswith("miller2022.t3.") for item in told["manifest"])
    assert (
        certificate.certificate(PATTERN, certificate.opened(str(copied)))["certificate"]
        == told["certificate"]
    )
    assert certificate.verify(path, PROJECT) == []
    assert told["certificate"] in page.read_text(encoding="utf-8")

    table = copied / "documents/miller2022/territories.csv"
    table.write_text(
        table.read_text(encoding="utf-8").replace("77 450,77450", "77 540,77540"), encoding="utf-8"
    )
    validation.seal(copied)
    changed = certificate.opened(str(copied))
    assert certificate.certificate(PATTERN, changed)["certificate"] != told["certificate"]
    said = certificate.verify(path, changed)
    assert said[0] == "miller2022/territories : le tableau n'est pas le même."
    assert any(sentence.startswith("miller2022.t3.densite.e :") for sentence in said)


def test_what_is_no_certificate_or_was_changed_is_one_sentence(written, tmp_path):
    path = tmp_path / "codecheck.yml"
    for content in ("", "a: [", "version: 1"):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(DataError, match="n'est pas un certificat"):
            certificate.verify(path, PROJECT)
    text = written[1][0].read_text(encoding="utf-8")
    path.write_text(text.replace("125,5", "123,0"), encoding="utf-8")
    with pytest.raises(DataError, match="a été modifié"):
        certificate.verify(path, PROJECT)
    with pytest.raises(UsageError, match="Aucun chiffre"):
        certificate.certificate("rien.*", PROJECT)
