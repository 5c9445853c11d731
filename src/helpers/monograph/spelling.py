"""Codes of the tables, written without accents, as French words: "medecin_generaliste" gives "médecin généraliste"."""

from __future__ import annotations

_ACCENTED = """
abandonné âgées assistés attractivité autorisé avancée chargé cité collectivité collectivités collège comité communauté
communautés création décrit défavorable département départemental départementale dépistage différé école écoles économie
écrit éditeur éducatifs éducation élus équipes évaluation faculté facultés fédération filière général généraliste
généralistes hôpital hôpitaux hospitalières imposé indemnisé indépendante inutilisé infirmière infirmières kinésithérapeute
kinésithérapie laïques limité médecin médecine médecins médicale médico média mitigé négociation œuvres partagé pôle
présidence prévention prévu privée proximité qualité rééducation refusé régional régionale régulation représentants
réseau résidence santé secrétaire secrétariat signalé souhaité spécialisé spécialiste spécialistes télémédecine terminé
testé trésorerie unité utilisé
"""
_SHORT = """
ARS CCAS CESF CLS CMP CPAM CPTS CSAPA DAC ESP GHT HAD IREPS MDPH MEP MG MSA MSP PDSA PMI SAMU SAS SI SSIAD SSR TND URPS
"""
_PLAIN = str.maketrans("àâäçéèêëîïôöùûüœ", "aaaceeeeiioouuuo")


def _code(word: str) -> str:
    return word.replace("œ", "oe").lower().translate(_PLAIN)


_WORDS = {_code(word): word for word in (_ACCENTED + _SHORT).split()} | {
    "ehpad": "Ehpad", "prado": "Prado", "asalee": "Asalée", "snp": "soins non programmés", "tnd": "TND",
}  # fmt: skip


def words(code: str) -> str:
    """French words of a code, token by token; a token that is not known stays as it is."""
    return " ".join(_WORDS.get(token, token) for token in code.split("_"))
