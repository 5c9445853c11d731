"""What the documents say of their own coded material, "most", "several", "all", against what they print of it.

Interviews are not published: a quantifier is counted on the printed extracts, the cited links or the coded testimonies. A smaller
count does not contradict the author; it says how far the printed material goes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from helpers.catalog import Package
from helpers.documents.claims import NotReproducible, Recomputed
from helpers.documents.reproductions.cells import Cells

UNPUBLISHED = NotReproducible("L'information n'est pas donnée CPTS par CPTS.")
# Statements of the thesis on all or most of the sixteen CPTS whose answers are not given one by one.
AURA_UNPUBLISHED = (
    "association", "motivation", "generations", "decision", "bureau", "idees", "crise_relations", "indicateurs",
    "pharmacien_bureau", "vaccination", "demarchage", "telephone", "teleexpertise",
)  # fmt: skip


def _citing(package: Package | None, themes: Collection[str], column: str = "interview") -> set[str]:
    """Interviews (or families of interviewees) cited under themes of the Lainé dissertation."""
    cited = Cells("laine2021/citations", package).rows(theme=themes)["interview"]
    if column == "interview":
        return set(cited)
    people = Cells("laine2021/interviews", package).rows(interview=set(cited))
    return set(people[column])


def laine2021(package: Package | None = None) -> Recomputed:
    """Interviews, families of interviewees, cited where the prose says repeatedly, agents of both institutions, or some."""
    institutions = {"assurance_maladie", "ars"}
    levers = ("am_levier_data", "am_levier_terrain")
    pressure = _citing(package, ("pression_objectifs",))
    people = Cells("laine2021/interviews", package)
    return {
        "coding.laine2021.roles": len(_citing(package, ("am_perimetre",))),
        "coding.laine2021.emergence": len(_citing(package, ("fed_cpam_retrait",))),
        "coding.laine2021.leviers_distincts": len(_citing(package, levers, "family") & institutions),
        "coding.laine2021.objectifs_agents": len(
            _citing(package, ("pression_objectifs",), "family") & institutions
        ),
        "coding.laine2021.objectifs_soignants": people.count(interview=pressure, family="cpts"),
        "coding.laine2021.numerique": len(_citing(package, ("frein_numerique",))),
    }


def _quoted(package: Package | None, theme: str) -> set[str]:
    """CPTS quoted under a theme of the Miller thesis."""
    extracts = set(Cells("miller2022/verbatim_themes", package).rows(theme=theme)["verbatim_id"])
    return set(Cells("miller2022/verbatims", package).rows(verbatim_id=extracts)["cpts"])


def miller2022(package: Package | None = None) -> Recomputed:
    """CPTS quoted where the prose says several or most of those studied."""
    studied = Cells("miller2022/general", package).table["cpts"].nunique()
    return {
        "coding.miller2022.hopital": len(_quoted(package, "C33")),
        "coding.miller2022.annuaire": len(_quoted(package, "C28")) / studied,
        "coding.miller2022.trio": len(_quoted(package, "C40")),
    }


def fabrique2022(package: Package | None = None) -> Recomputed:
    """Testimonies printed where the prose says that many of them agree."""
    printed = Cells("fabrique2022/testimonies", package)
    return {
        "coding.fabrique2022.exercice_coordonne": printed.count(theme="exercice_coordonne"),
        "coding.fabrique2022.formation": printed.count(section="formation"),
        "coding.fabrique2022.paramedicaux": NotReproducible(
            "Les professions à l'initiative de chaque CPTS ne sont pas dénombrées."
        ),
        "coding.fabrique2022.moyens_demarrage": NotReproducible(
            "Les réponses qui évoquent ce frein ne sont pas dénombrées."
        ),
    }


def aura2022(package: Package | None = None) -> Recomputed:
    """CPTS with a cited link to an actor where the prose says all or most; the rest is not given CPTS by CPTS."""
    links = Cells("aura2022/edges", package)
    interviewed = Cells("aura2022/interviewed_cpts", package).count()
    schools = links.rows(actor_type="education_nationale")["cpts"].nunique()
    return {
        "coding.aura2022.hopital": links.rows(actor_type="hopital")["cpts"].nunique(),
        "coding.aura2022.education": schools / interviewed,
        **{f"coding.aura2022.{name}": UNPUBLISHED for name in AURA_UNPUBLISHED},
    }


TOPICS: dict[str, Callable[[Package | None], Recomputed]] = {
    "laine2021": laine2021,
    "miller2022": miller2022,
    "fabrique2022": fabrique2022,
    "aura2022": aura2022,
}
