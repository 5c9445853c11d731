"""Lainé 2021, the text itself: interviews, enumerations, projects, durations, section numbers and page references."""

from __future__ import annotations

from itertools import zip_longest

import pandas as pd

from helpers.catalog import Study
from helpers.documents.claims import Recomputed
from helpers.documents.intervals import Bounds
from helpers.documents.reproductions.cells import Cells

MONTHS_PER_YEAR = 12


def corpus(study: Study) -> Recomputed:
    """Interviews and guides announced, against annexes 1 and 2."""
    interviews, guides = Cells("laine2021/interviews", study), Cells("laine2021/interview_guides", study)
    announced = Cells("laine2021/announced", study, column="number")
    sections = guides.rows()
    misprinted = sections[sections["section"] != sections["printed_number"]]
    return {
        "laine2021.corpus.entretiens": interviews.count(),
        "laine2021.corpus.entretiens@cites": Cells("laine2021/citations", study).table["interview"].nunique(),
        "laine2021.corpus.enregistres": interviews.count() - announced.value(announced="entretiens_notes"),
        "laine2021.corpus.guides": sections["guide"].nunique(),
        "laine2021.corpus.guides@titres": sections["title_target"].nunique(),
        "laine2021.corpus.derniere_rubrique": float(misprinted["section"].iloc[0]),
    }


def enumerations(study: Study) -> Recomputed:
    """Number of items of each list that the prose announces with a number."""
    counts = Cells("laine2021/enumerations", study).rows().groupby("list_id").size()
    return {f"laine2021.liste.{name}": float(count) for name, count in counts.items()}


def projects(study: Study) -> Recomputed:
    """Projects by stage, signed CPTS by profession of their president, staff of the unit."""
    stages = Cells("laine2021/projects", study)
    announced = Cells("laine2021/announced", study, column="number")
    return {
        "laine2021.projets.en_elaboration": stages.count(status="lettre_intention"),
        "laine2021.projets.premieres_cpts": stages.count(status="aci_signe"),
        "laine2021.projets.signataires": announced.sum(
            announced=("presidents_generalistes", "president_pharmacien")
        ),
        "laine2021.pole.conseilleres": announced.sum(
            announced=("conseilleres_initiales", "conseillere_ajoutee")
        ),
    }


def _event(study: Study, event_id: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    row = Cells("laine2021/timeline", study).rows(event_id=event_id).iloc[0]
    return row["date"], row["date_end"]


def _months(start: pd.Timestamp, end: pd.Timestamp) -> int:
    return int(MONTHS_PER_YEAR * (end.year - start.year) + end.month - start.month)


def durations(study: Study) -> Recomputed:
    """Durations between dates, in the unit of the prose."""
    internship = _event(study, "stage")
    plan, talks = _event(study, "ma_sante_2022")[0], _event(study, "negociations_post_segur")[0]
    signature, thesis = _event(study, "premiere_signature")[0], _event(study, "memoire")[0]
    announced = Cells("laine2021/announced", study, column="number")
    year = announced.value(announced="evaluation_intervalle")
    years = {
        f"laine2021.duree.cog{base}": float(end.year - start.year + 1)
        for name, base in (
            ("cog_2018_2022", ""),
            ("cog_2014_2017", "@cog_2014"),
            ("cog_2001_2003", "@cog_2001"),
        )
        for start, end in [_event(study, name)]
    }
    return {
        **years,
        "laine2021.duree.stage": _months(*internship),
        "laine2021.duree.plan_segur": talks.year - plan.year,
        "laine2021.duree.rosp": _event(study, "rosp_2022")[0].year - internship[0].year,
        "laine2021.duree.evaluations": _months(signature, thesis) // year,
        "laine2021.duree.rencontres": year / announced.value(announced="dialogue_intervalle"),
    }


def comparisons(study: Study) -> Recomputed:
    """Complement, ratio and year that the prose announces."""
    figures, texts = (
        Cells("laine2021/figures", study),
        Cells("laine2021/legal_texts", study, "budget_year"),
    )
    return {
        "laine2021.temps.vaccination": 100 - figures.value(figure_id="temps_exercice_coordonne"),
        "laine2021.medecins.salaries": figures.value(figure_id="salaries_nouveaux")
        / figures.value(figure_id="salaries_tous"),
        "laine2021.textes.lfss": texts.value(text_id="loi_2019_1446"),
    }


def expected_numbers(headings: pd.DataFrame) -> pd.Series[str]:
    """Number that each heading should bear from its level and its place (parts count apart)."""
    rank = {2: 0, 3: 0, 4: 0}
    numbers = []
    for printed, level in zip(headings["printed_number"], headings["level"], strict=True):
        if level == 1:
            rank = dict.fromkeys(rank, 0)
            numbers.append(str(printed))
            continue
        rank = {depth: count if depth <= level else 0 for depth, count in rank.items()}
        rank[int(level)] += 1
        numbers.append(".".join(str(rank[depth]) for depth in range(2, int(level) + 1)))
    return pd.Series(numbers, index=headings.index, dtype="string")


def numbering(study: Study) -> Recomputed:
    """Section numbers that do not follow the order of the text: the first component that should be another one."""
    headings = Cells("laine2021/headings", study).rows()
    references = Cells("laine2021/cross_references", study)
    expected = expected_numbers(headings)
    wrong: dict[str, float] = {}
    for line, printed, number in zip(headings["line"], headings["printed_number"], expected, strict=True):
        pairs = zip_longest(str(printed).split("."), str(number).split("."))
        different = [should for seen, should in pairs if seen != should]
        if different:
            wrong[f"laine2021.titres.l{line}"] = float(different[0])
    target = references.rows(line=525)["printed_number"].iloc[0]
    chapter = ".".join(str(target).split(".")[:-1])
    under = headings[(headings["part"] == "i") & (headings["level"] == 4)].index
    announced = references.rows(line=778)
    return {
        **wrong,
        "laine2021.renvois.l525": float(expected[under].str.startswith(f"{chapter}.").sum()),
        "laine2021.renvois.l778": float(announced["rank"].max()),
    }


def pages(study: Study) -> Recomputed:
    """Pages of the sections around the two objects cited with a page, and number of captions found in the body."""
    contents = Cells("laine2021/headings", study).rows()
    contents = contents[contents["page"].notna()]
    objects = Cells("laine2021/objects", study).rows()
    cited = objects[objects["cited_page"].notna()]
    bounds: dict[str, float | Bounds] = {}
    for kind, body in zip(cited["kind"], cited["body_line"], strict=True):
        bounds[f"laine2021.pages.{kind}"] = Bounds(
            float(contents.loc[contents["line"] <= body, "page"].max()),
            float(contents.loc[contents["line"] > body, "page"].min()),
            f"Page du sommaire pour les sections qui encadrent l'objet ({kind}) : le texte n'a pas gardé la pagination.",
        )
    found = objects[objects["body_line"].notna()].groupby("kind").size()
    return {
        **bounds,
        "laine2021.objets.tableaux": float(found["tableau"]),
        "laine2021.objets.annexes": float(found["annexe"]),
    }


TOPICS = {
    "corpus": corpus,
    "enumerations": enumerations,
    "projets": projects,
    "durees": durations,
    "comparaisons": comparisons,
    "numerotation": numbering,
    "pages": pages,
}
