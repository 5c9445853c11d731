"""What every export of the questionnaire opens with: where it comes from, what for, how long, who sees the answers."""

from __future__ import annotations

from helpers import french
from helpers.catalog import labels
from helpers.survey.instrument.model import Instrument

CONTACT_FR = "[à compléter : qui mène l'enquête, son adresse, la date de fin, le responsable des données]"
# An estimate of ours, told as such: nobody timed it.
_MINUTES = 30


def notice(instrument: Instrument) -> list[tuple[str, str]]:
    """Heads and sentences, in order: source, purpose, duration, who sees the answers, protection, contact to fill in."""
    corrected = instrument.variant == "corrected"
    change = (
        " Variante corrigée : les défauts corrigés sont listés par « cpts instrument differences »."
        if corrected
        else " Variante originale : réponses et conditions de la thèse, réponses parfois abrégées ou mises à leur nom exact."
    )
    return [
        (
            "Source",
            f"Questions, réponses et ordre du questionnaire de la thèse de D. Miller ({labels.document('miller2022')}, annexe "
            "4), à citer à chaque usage. Les énoncés sont reformulés par l'Observatoire des CPTS, et le type de chaque réponse "
            f"en est déduit.{change}",
        ),
        (
            "But",
            "Décrire une CPTS, comparer les points de vue de plusieurs rôles et suivre ce qui change d'une vague à l'autre ; "
            "personne n'y est évalué.",
        ),
        ("Durée", f"{len(instrument)} questions, {_MINUTES} minutes environ (estimation de l'observatoire)."),
        (
            "Qui voit les réponses",
            "Qui mène l'enquête lit chaque réponse sous un code de répondant. Les rapports montrent celles des professionnels et "
            "des institutions rôle par rôle, ce qui peut faire reconnaître une personne seule dans son rôle.",
        ),
        (
            "Protection",
            "Les usagers sont seulement comptés, à 5 près, et masqués de 1 à 10. N'écrivez aucun nom de personne dans une "
            "réponse.",
        ),
        ("Contact", CONTACT_FR),
    ]


def of_guide() -> list[tuple[str, str]]:
    """The same heads for the interview guide."""
    return [
        (
            "Source",
            f"Questions et ordre du guide d'entretien de la thèse de D. Miller ({labels.document('miller2022')}, annexe 3), à "
            "citer à chaque usage. Chaque question est réduite à son objet, dans nos mots : posez-la à votre façon.",
        ),
        (
            "But",
            "Mener un entretien avec un acteur de la CPTS, avant ou après le questionnaire, pour comprendre ses réponses.",
        ),
        ("Durée", "Une heure environ (estimation de l'observatoire)."),
        (
            "Qui voit les réponses",
            "Qui mène l'entretien. Codez-le avant de le partager : le matériau codé entre dans un paquet, les paroles restent.",
        ),
        (
            "Protection",
            "Un code à la place du nom ; ni nom, ni lieu qui désignerait quelqu'un dans les notes.",
        ),
        ("Contact", CONTACT_FR),
    ]


def paragraph(instrument: Instrument) -> str:
    """The same as one text, for a tool that has one welcome message; lines parted by line feeds."""
    return "\n".join(f"{head} : {french.typography(said)}" for head, said in notice(instrument))
