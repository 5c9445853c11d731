"""Rules of the ACI that a simulation applies: the French sentence of each, and the checks of what the user gives."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from helpers import french
from helpers.aci.calendar import MONTHS_IN_YEAR
from helpers.errors import NotComputable

RULES_FR = {
    "fonctionnement": "Montant annuel entier, dès la signature.",
    "fonctionnement_75": (
        "Lainé écrit {rate} pour les années suivantes sans dire si c'est une reconduction ou une avance : l'un ou l'autre."
    ),
    "aide": "Versée une seule fois : accord signé avant l'échéance.",
    "aide_hors_delai": "Non due : accord signé à l'échéance ou après.",
    "aide_deux_echeances": (
        "Miller imprime deux échéances, le 22 septembre 2022 dans le texte et le 30 dans le tableau ; la thèse AURA, le 30."
    ),
    "aide_avant_avenant": (
        "Signature antérieure à l'avenant qui crée l'aide : aucun document ne dit si elle était encore versée."
    ),
    "aide_date_inconnue": "Date de signature inconnue : l'aide est due ou non selon elle.",
    "aide_non_imprimee": "Ce document n'imprime pas le montant de l'aide.",
    "fixe": "Part fixe à {rate}.",
    "variable": "Part variable à {rate}.",
    "taux_inconnu": "Taux inconnu : de 0 à 100 %.",
    "plan_ecrit": "Part fixe de l'année où le plan est écrit, à {rate}.",
    "plan_mis_a_jour": "Part fixe d'une mise à jour du plan, à {rate} (plan supposé écrit la première année).",
    "sans_crise": "Versée seulement si une crise survient : aucune cette année-là.",
    "demarrage_prorata": (
        "Première année : le premier versement suit la date de démarrage ; le texte ne dit pas si le solde compense."
    ),
    "demarrage_inconnu": (
        "Première année, démarrage non précisé : de la signature au plus tard permis, le premier versement s'y adapte."
    ),
    "parts_non_imprimees": (
        "Ce document n'imprime que le total de la mission : le montant dépend du partage entre fixe et variable."
    ),
    "crise_parts_non_imprimees": (
        "Ce document n'imprime que le total, crise comprise, de l'année où le plan est écrit : le reste est inconnu."
    ),
    "montant_absent": "Ce document n'imprime aucun montant pour ce poste.",
    "supplement_snp": (
        "Peut s'ajouter pour l'organisation des soins non programmés ; le texte ne donne que les deux bornes des quatre tailles."
    ),
    "majoration_non_remplie": (
        "Moins de {asked} adhérents : la condition de la hausse de la taille 4 n'est pas remplie, ce qui reste dû n'est pas dit."
    ),
    "majoration_inconnue": (
        "Nombre d'adhérents inconnu : la hausse de la taille 4 en demande au moins {asked}."
    ),
    "cellule_reparee": "Cellule illisible, rétablie par un calcul.",
    "borne": "Population sur une borne : la classe contient sa borne basse.",
    "bareme_ancien": "Barème de 2019 appliqué à une année qui suit l'avenant 2 : hypothèse de comparaison.",
    "bareme_posterieur": "Barème postérieur à l'année simulée : hypothèse de comparaison.",
    "total": "Somme des postes.",
    "total_intervalle": "Somme des postes : intervalle, car au moins un poste n'est pas fixé ; sa règle dit pourquoi.",
    "total_au_moins": "Somme des postes connus : au moins, car au moins un poste n'a aucun montant imprimé.",
}


# Why an amount is a range, in a few words, by rule; the others are amounts that the document does not print.
RESERVES_FR = {
    "fonctionnement_75": "reconduction ou avance du fonctionnement",
    "aide_deux_echeances": "aide exceptionnelle due ou non",
    "aide_avant_avenant": "aide exceptionnelle due ou non",
    "aide_date_inconnue": "aide exceptionnelle due ou non",
    "taux_inconnu": "taux inconnu",
    "demarrage_prorata": "solde de la première année",
    "demarrage_inconnu": "démarrage inconnu",
    "majoration_non_remplie": "trop peu d'adhérents pour la hausse de la taille 4",
    "majoration_inconnue": "nombre d'adhérents inconnu",
}
NOT_PRINTED_FR = "montant non imprimé"


def contract_year(year: int, last: int) -> int:
    """Year of the contract, checked. Raises NotComputable out of the years that it lasts (1 to `last`)."""
    if isinstance(year, bool) or year != int(year) or not 1 <= year <= last:
        raise NotComputable(
            f"Année de l'accord « {year} » : attendu un entier de 1 à {last}, la durée du contrat."
        )
    return int(year)


def rate(rates: float | Mapping[str, float] | None, mission: str, part: str) -> tuple[float, float]:
    """Rate of achievement of a mission as a range: both ends are the rate, or 0 and 1 when it is unknown.

    Raises NotComputable for a rate out of 0 to 1.
    """
    given = rates.get(mission) if isinstance(rates, Mapping) else rates
    if given is None or pd.isna(given):
        return 0.0, 1.0
    if not 0 <= given <= 1:
        raise NotComputable(
            f"Taux de la part {part} de « {mission} » : {french.number(float(given))} n'est pas entre 0 et 1."
        )
    return float(given), float(given)


def members(given: float | None) -> float | None:
    """Number of members, or None when unknown. Raises NotComputable below zero."""
    if given is None or pd.isna(given):
        return None
    if given < 0:
        raise NotComputable(
            f"Nombre d'adhérents {french.number(given)} : attendu un nombre positif, ou rien s'il est inconnu."
        )
    return float(given)


def months(starts: Mapping[str, float]) -> dict[str, float]:
    """Months between signature and start by mission, those unknown left out. Raises NotComputable below zero."""
    known = {mission: float(value) for mission, value in starts.items() if not pd.isna(value)}
    for mission, value in known.items():
        if value < 0 or math.isinf(value):
            raise NotComputable(
                f"Démarrage de « {mission} » : {french.number(value)} mois après la signature n'est pas possible."
            )
    return {mission: min(value, float(MONTHS_IN_YEAR)) for mission, value in known.items()}
