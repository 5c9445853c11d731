"""Who answers, for which CPTS and when: the four codes that make the key of an answer, never a name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from helpers.catalog import labels
from helpers.french import listing


@dataclass(frozen=True)
class Role:
    """A role of respondent: its code in `survey/answers`, a code short enough for LimeSurvey (5 letters), its group, its name.

    A group of roles (GROUPS_FR) is what a small number of respondents can be compared by.
    """

    code: str
    short: str
    group: str

    @property
    def label_fr(self) -> str:
        """Name of the role, as the model of the answers labels it."""
        return labels.label("survey/answers", "role", self.code)


@dataclass(frozen=True)
class Item:
    """One question of identity: column of `survey/answers`, name in a questionnaire, short name, wording."""

    column: str
    name: str
    label_fr: str
    wording_fr: str


ROLES = (
    Role("coordination", "coord", "pilotage"),
    Role("presidence", "presi", "pilotage"),
    Role("administratif", "admin", "pilotage"),
    Role("medecin", "medec", "professionnels"),
    Role("pharmacien", "pharm", "professionnels"),
    Role("infirmier", "infir", "professionnels"),
    Role("kinesitherapeute", "kine", "professionnels"),
    Role("sage_femme", "sagef", "professionnels"),
    Role("chirurgien_dentiste", "denti", "professionnels"),
    Role("autre_professionnel", "ausoi", "professionnels"),
    Role("meneur_msp", "msp", "professionnels"),
    Role("cpam", "cpam", "institutions"),
    Role("ars", "ars", "institutions"),
    Role("coordination_cls", "cls", "collectivites"),
    Role("elu", "elu", "collectivites"),
    Role("usager", "usage", "usagers"),
    Role("autre", "autre", "autres"),
)
GROUPS_FR = {
    "pilotage": "Équipe de la CPTS",
    "professionnels": "Professionnels de santé",
    "institutions": "CPAM et ARS",
    "collectivites": "Collectivités",
    "usagers": "Usagers",
    "autres": "Autres rôles",
}
# Names that earlier questionnaires gave to a role.
_FORMER = {"coordination de contrat local de santé": "coordination_cls"}
USERS = "usager"
ITEMS = (
    Item(
        "cpts",
        "cpts",
        "Code de la CPTS",
        "Quel est le code de la CPTS (lettres sans accent, chiffres, - ou _) ?",
    ),
    Item("wave", "vague", "Vague", "Quelle est la vague de l'enquête (par exemple 2026-11) ?"),
    Item("role", "role", "Rôle", "À quel titre répondez-vous ?"),
    Item(
        "respondent",
        "repondant",
        "Code de répondant",
        "Quel est votre code de répondant (celui qui vous a été remis, jamais votre nom) ?",
    ),
)
COLUMNS = tuple(item.column for item in ITEMS)
# Rule of the model for these codes (data/modele); the role has a list of its own.
CODE_PATTERN = "^[A-Za-z0-9_-]{1,40}$"
_CODE = re.compile(CODE_PATTERN[1:-1])
# "2026-11" once a spreadsheet took it for a date: the first day of the month, or the month in letters and the year.
_MONTHS = r"janv?|f[ée]v|févr|mars?|avr|apr|mai|may|juin?|jun|juil|jul|août|aou|aug|sept?|oct|nov|d[ée]c"
_DATE = re.compile(
    rf"\d{{4}}-\d\d-01( 00:00(:00)?)?|01/\d\d/\d{{2,4}}|\d{{1,2}}/1/\d{{2,4}}|({_MONTHS})[a-zéû]*\.?[- ]\d{{2,4}}"
)


def role_code(text: str) -> str | None:
    """Code of a role given by its code, its short code or its French name; None for anything else."""
    wanted = text.strip().casefold()
    for role in ROLES:
        if wanted in (role.code, role.short, role.label_fr.casefold()):
            return role.code
    return _FORMER.get(wanted)


def group_of(code: str) -> str:
    """Code of the group of a role (a key of GROUPS_FR). Raises StopIteration for a code that is no role."""
    return next(role.group for role in ROLES if role.code == code)


def faults(given: Mapping[str, str]) -> list[str]:
    """What is wrong with an identity (texts by column), without repeating what was written: it may be a name."""
    found = []
    for item in ITEMS:
        text = given.get(item.column, "").strip()
        if not text:
            found.append(
                f"{item.label_fr} : vide, alors que toute réponse doit dire qui répond, pour quelle CPTS et quand."
            )
        elif item.column == "role" and role_code(text) is None:
            known = listing((role.code for role in ROLES), "ou")
            found.append(f"rôle inconnu ; rôles : {known}.")
        elif item.column == "wave" and _DATE.fullmatch(text.casefold()):
            found.append(
                f"{item.label_fr} : un tableur en a fait une date ; récrivez la vague en texte (2026-11 par exemple), ou "
                "retirez la colonne et donnez la vague avec --wave."
            )
        elif item.column != "role" and not _CODE.fullmatch(text):
            found.append(
                f"{item.label_fr} : ce n'est pas un code (1 à 40 lettres sans accent, chiffres, - ou _) ; n'écrivez pas de nom."
            )
    return found


def key(given: Mapping[str, str]) -> tuple[str, ...]:
    """The identity as it is kept: one code per column of COLUMNS; call it only when `faults` finds none."""
    return tuple(
        str(role_code(given[column])) if column == "role" else given[column].strip() for column in COLUMNS
    )
