"""Invented tables of the gallery, one for each shape that a figure takes, and which figure answers which question.

Nothing here is a fact: the gallery says so on its page, and every figure names these values as invented.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers import french
from helpers.methods import comparison, inequality

# What a reader asks, the figure that answers, and the table that it takes.
CHOICES = (
    ("Lequel est plus haut, et est-ce sûr ?", "dots", "une ligne par territoire : valeur, bornes"),
    ("Où est chacun par rapport à son repère ?", "against", "une ligne par territoire : valeur, bornes, repère"),
    ("Qu'est-ce qui a bougé entre deux dates ?", "slopes", "une ligne par territoire : avant, après"),
    ("Qu'est-ce qui a bougé, ligne par ligne ?", "arrows", "une ligne par réponse : avant, après"),
    ("De quoi est fait le total ?", "stacked_bars", "une ligne par territoire, une colonne par partie"),
    ("Qu'est-ce qui existe, et où ?", "presence", "une ligne par objet, une colonne par territoire, un état par case"),
    ("Où sont les grands nombres d'un croisement ?", "heat_map", "la matrice, noms des lignes en première colonne"),
    ("Comment cela évolue-t-il ?", "trends", "long : série, date, valeur"),
    ("Comment chacun évolue-t-il ?", "small_multiples", "long : série, date, valeur"),
    ("Par quelles étapes est-on passé ?", "timeline", "long : territoire, étape, date"),
    ("Deux mesures vont-elles ensemble ?", "scatter", "une ligne par territoire : deux mesures positives"),
    ("Cet écart dépasse-t-il le hasard des petits nombres ?", "funnel", "une ligne par territoire : valeur, base, limites"),
    ("Comment un montant suit-il une grandeur ?", "curves", "long : série, abscisse, ordonnée"),
    ("Comment les valeurs se répartissent-elles dans chaque groupe ?", "distribution", "une ligne par valeur : groupe, valeur"),
    ("La population est-elle concentrée dans quelques CPTS ?", "lorenz", "parts cumulées, de helpers.methods.inequality"),
    ("Qui est lié à qui ?", "links", "une ligne par lien : gauche, droite, état"),
    ("Un entretien de plus apporte-t-il du nouveau ?", "accumulation", "une ligne par source, dans l'ordre de lecture"),
    ("Quelles communes, dans quel état ?", "commune_tiles", "une ligne par commune : groupe, état"),
    ("Où une valeur est-elle haute ou basse, sur le terrain ?", "outline_map", "une ligne par commune : code, valeur ; contours"),
    ("Comment se répartit une valeur par département ?", "tile_map", "une ligne par département : code, valeur"),
)  # fmt: skip
_NAMES = [f"Exemple {letter}" for letter in "ABCDE"]


def catalogue() -> pd.DataFrame:
    """One row per figure: the question it answers, its name in `helpers.page.figures`, the table it takes."""
    return pd.DataFrame(CHOICES, columns=["Votre question", "Figure", "Tableau attendu"])


def sentence() -> str:
    """How many figures there are and how to choose, in French."""
    return (
        f"Partez de la question, pas de la figure : {french.plural(len(CHOICES), 'figure')} répondent chacune à une question "
        "et attendent chacune une forme de tableau. Toutes se dessinent une seconde fois pour le téléphone, portent leur "
        "description en toutes lettres, et joignent leurs données en CSV."
    )


def compared() -> pd.DataFrame:
    """Five invented CPTS: a rate with its interval (%), a benchmark, two counts of physicians, members, inhabitants."""
    rates = np.array([9.1, 12.4, 10.8, 14.2, 7.9])
    return pd.DataFrame(
        {
            "cpts": _NAMES, "taux": rates, "bas": rates - 1.6, "haut": rates + 1.9, "repere": [10.0, 11.5, 10.2, 12.0, 9.4],
            "avant": [41, 28, 65, 19, 88], "apres": [38, 30, 61, 15, 92], "médecins": [18, 12, 30, 6, 41],
            "infirmiers": [35, 22, 51, 19, 60], "autres": [20, 18, 33, 9, 47],
            "habitants": [46_000, 31_000, 88_000, 21_000, 134_000],
        }
    )  # fmt: skip


def followed() -> pd.DataFrame:
    """Four yearly values (%) of three invented CPTS, one row per point."""
    values = {
        "Exemple A": [12.1, 11.6, 10.9, 9.1],
        "Exemple B": [11.0, 11.9, 12.2, 12.4],
        "Exemple C": [13.0, 12.1, 11.2, 10.8],
    }
    rows = [
        (name, pd.Timestamp(2022 + year, 12, 31), value)
        for name, series in values.items()
        for year, value in enumerate(series)
    ]
    return pd.DataFrame(rows, columns=["cpts", "date", "valeur"])


def present() -> pd.DataFrame:
    """State of three missions in three invented CPTS, one cell unknown."""
    states = {"Exemple A": ["en cours", "en cours", "prévue"], "Exemple B": ["en cours", "absente", None],
              "Exemple C": ["prévue", "absente", "en cours"]}  # fmt: skip
    return pd.DataFrame({"Mission": ["Accès aux soins", "Parcours", "Prévention"], **states})


def matrix() -> pd.DataFrame:
    """Invented counts of coded passages, theme by actor."""
    counts = {"Médecins": [9, 4, 1], "Infirmiers": [5, 7, 2], "Communes": [2, 3, 6]}
    return pd.DataFrame({"Thème": ["Temps", "Financement", "Locaux"], **counts})


def steps() -> pd.DataFrame:
    """Dated steps of three invented CPTS, one row per step."""
    names = ("Lettre d'intention", "Projet validé", "Contrat signé")
    months = {"Exemple A": (1, 9, 14), "Exemple B": (4, 16, 27), "Exemple C": (8, 13, 20)}
    rows = [
        (cpts, step, pd.Timestamp(2021, 1, 1) + pd.DateOffset(months=month))
        for cpts, dates in months.items()
        for step, month in zip(names, dates, strict=True)
    ]
    return pd.DataFrame(rows, columns=["cpts", "etape", "date"])


def funnelled() -> pd.DataFrame:
    """The rates of `compared` measured on samples, with the limits of a funnel around 11 % at 95 and 99.8 %."""
    frame = compared().assign(enquetes=lambda rows: rows["habitants"] // 150)
    limits = comparison.funnel_limits("proportion", 11, frame["enquetes"], per=100)
    for level, of_level in limits.groupby("confidence"):
        name = f"{100 * float(level):g}".replace(".", "")
        frame[f"bas{name}"], frame[f"haut{name}"] = of_level["lower"].to_numpy(), of_level["upper"].to_numpy()
    return frame


def stairs() -> pd.DataFrame:
    """An amount (€) that jumps at 40,000 inhabitants and one that does not, one row per point."""
    people = np.arange(20_000, 60_001, 5_000)
    rows = [("par paliers", int(n), 50_000 if n < 40_000 else 60_000, int(n >= 40_000)) for n in people]
    rows += [("par habitant", int(n), round(1.4 * n), 0) for n in people]
    return pd.DataFrame(rows, columns=["regle", "habitants", "montant", "taille"])


def spread() -> pd.DataFrame:
    """Populations of nineteen invented CPTS of three invented départements, one row per CPTS."""
    people = {
        "Nord": [21, 34, 38, 41, 52, 66, 90],
        "Centre": [45, 61, 64, 70, 72, 88, 131, 160],
        "Sud": [18, 26, 27, 58],
    }
    rows = [(group, 1000 * value) for group, values in people.items() for value in values]
    return pd.DataFrame(rows, columns=["departement", "habitants"])


def shares() -> pd.DataFrame:
    """Lorenz shares of the inhabitants of `compared`, from the CPTS that has fewest."""
    return inequality.lorenz(compared()["habitants"])


def gini() -> float:
    """Gini index of the same populations."""
    return float(inequality.gini(compared()["habitants"])["value"].iloc[0])


def pairs() -> pd.DataFrame:
    """Invented links between CPTS and schemes, one row per link."""
    rows = [("Exemple A", "CLS", "en œuvre"), ("Exemple A", "CLSM", "prévu"), ("Exemple B", "CLS", "en œuvre"),
            ("Exemple C", "CLS", "prévu"), ("Exemple C", "ASV", "en œuvre")]  # fmt: skip
    return pd.DataFrame(rows, columns=["cpts", "dispositif", "etat"])


def gathered() -> pd.DataFrame:
    """Themes met as six invented interviews are read: in that order, and on average over all orders, with a band."""
    mean = np.array([6.0, 9.5, 11.8, 13.2, 14.1, 14.6])
    frame = pd.DataFrame(
        {"entretien": [f"E{n}" for n in range(1, 7)], "vus": [7, 9, 13, 13, 14, 15], "moyenne": mean}
    )
    return frame.assign(bas=mean - 1.5, haut=mean + 1.5)


def places() -> pd.DataFrame:
    """Twelve invented communes of two invented intercommunalities."""
    rows = [
        (
            f"Commune {number}",
            "Interco Nord" if number <= 7 else "Interco Sud",
            "CPTS et CLS" if number % 3 else "CPTS seule",
        )
        for number in range(1, 13)
    ]
    return pd.DataFrame(rows, columns=["commune", "epci", "etat"])


def grounds() -> pd.DataFrame:
    """Six invented communes with an annual change in percent."""
    names = [f"Commune {letter}" for letter in "ABCDEF"]
    return pd.DataFrame(
        {"code": list("ABCDEF"), "commune": names, "evolution": [1.2, 0.4, 0.0, -0.3, -0.9, np.nan]}
    )


def shapes() -> dict[str, list[np.ndarray]]:
    """Outlines of the six communes: six tiles of a slanted grid, in degrees."""
    corners = np.array([(0.0, 0.0), (0.05, 0.0), (0.06, 0.04), (0.01, 0.04)])
    places = [(column * 0.05 + row * 0.01, row * 0.04) for row in range(2) for column in range(3)]
    return {
        code: [corners + np.array(place) + (2.0, 47.0)] for code, place in zip("ABCDEF", places, strict=True)
    }


def departments() -> pd.DataFrame:
    """An invented value for the first forty départements; the others have none."""
    codes = [f"{number:02d}" for number in range(1, 42) if number != 20]
    return pd.DataFrame({"code": codes, "valeur": [10 + (7 * n) % 23 for n in range(len(codes))]})
