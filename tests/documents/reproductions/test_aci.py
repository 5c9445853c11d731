"""Figures on the ACI of one document, from those of another: oracles read in the texts by hand."""

from __future__ import annotations

import pytest

from helpers.aci.telling import TOPICS
from helpers.documents import claims, reproductions
from tests.project import PROJECT

ORACLES = {
    "across.aci.miller2022.fonctionnement.taille3": 75_000,
    "across.aci.navinel2020.fonctionnement.taille4": 90_000,
    "across.aci.fabrique2022.prevention.variable.taille3": 17_500,
    "across.aci.fabrique2022.plan_mise_a_jour.fixe.taille2": 17_500,
    "across.aci.miller2022.prose.min": 287_500,
    "across.aci.aura2022.plafond_taille4": 580_000,
    "across.aci.laine2021.acces_total_taille3": 50_000,
    "across.aci.miller2022.budget_cpts_a": 242_000,
    "across.aci.miller2022.seuil_adherents": 100,
    "across.aci.miller2022.aide.taille1": 37_500,
    "across.aci.aura2022.calendrier.prevention.deploiement_complet": 24,
}


@pytest.fixture(scope="module")
def ledger():
    return reproductions.ledger(["aci"], study=PROJECT)


@pytest.mark.parametrize(("claim", "value"), ORACLES.items(), ids=list(ORACLES))
def test_recomputed_value(ledger, claim, value):
    assert ledger.loc[claim, "computed"] == pytest.approx(value)


def test_documents_agree_on_these_figures(ledger):
    assert set(ledger["verdict"]) == {claims.REPRODUCED}
    assert len(ledger) == 66


def test_the_envelope_with_the_sizes_of_a_region_is_another_base_of_the_same_figure():
    # 24, 28, 16 and 3 CPTS of sizes 1 to 4: 27.15 million for 71, hence 382.4 million for a thousand.
    found = reproductions.recompute(["aci.enveloppe"], study=PROJECT)["miller2022.enveloppe.montant@aura"]
    assert found == pytest.approx(1000 * 27_150_000 / 71)
    row = reproductions.ledger(["aci.enveloppe", "miller2022.national_envelope"], study=PROJECT).loc[
        "miller2022.enveloppe.montant"
    ]
    assert row["computed"] == 487_500_000
    assert "382" in row["bases"]


def test_an_illegible_cell_supports_nothing():
    aura = reproductions.cells.Cells("aura2022/aci_funding", PROJECT)
    with pytest.raises(Exception, match="aucun verdict"):
        aura.value(mission="plan_mise_a_jour", part="fixe", size=3)


def test_the_topics_of_the_report_exist():
    assert len(reproductions.recompute(TOPICS, study=PROJECT)) > 200
