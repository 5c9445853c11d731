"""Sentences and tables ready to show on the answers to the steering questionnaire."""

from __future__ import annotations

import pandas as pd

from helpers import french
from helpers.catalog import Study, labels
from helpers.errors import NotComputable, UnknownName
from helpers.methods import disclosure
from helpers.page import findings
from helpers.survey.instrument import Instrument, option_labels
from helpers.survey.instrument.identity import USERS
from helpers.survey.instrument.responses import (
    OTHERS,
    PROTECTION_FR,
    beside_consensus,
    profile,
    spread,
)
from helpers.survey.instrument.responses import USERS as USERS_GROUP
from helpers.survey.steering.answered import ABSENT, DOCUMENT_WAVE, Labels, chosen
from helpers.survey.steering.synopsis import levers
from helpers.survey.steering.views import ANSWERED, HINTED, in_words

NO_SURVEY_FR = (
    "Il n'y a pas ici de réponses au questionnaire (tableau survey/answers) : recueillez-les avec « cpts instrument export », "
    "puis « cpts import »."
)
PROFILE_FR = {
    "cpts": "CPTS",
    "wave": "Vague",
    "role": "Rôle",
    "respondents": "Répondants",
    "answered": "Questions répondues",
    "unanswered": "Sans réponse",
    "not_asked": "Non posées",
    "completion": "Part répondue (%)",
    "state": "État",
}
DISAGREEMENT_FR = {
    "question": "Question",
    "n": "Répondants (n)",
    "roles": "Rôles (nombre)",
    "modal_share": "Réponse la plus fréquente (% des répondants)",
    "dissent_fr": "Minorité",
    "users": "Usagers : réponse la plus fréquente (%)",
    "consensus_options": "Valeur retenue après discussion",
    "decided_by_fr": "Retenue par",
}
INDEX_FR = {
    "territory": "CPTS",
    "structure": "Structure",
    "processus": "Processus",
    "resultats": "Résultats",
    "questions": "Réponses utilisées",
    "value": "Indice",
    "lower": "5e centile des poids",
    "upper": "95e centile des poids",
    "weights_fr": "Sensibilité aux poids",
    "dropped_lower": "Au moins, sans une question",
    "dropped_upper": "Au plus, sans une question",
}


def no_disagreement(answers: pd.DataFrame, name_fr: str, wave: str) -> str:
    """What a report says when no question of a wave has two answers to set side by side; nothing when there is no survey."""
    if answers.empty:
        return ""
    return (
        f"{name_fr}, {wave} : aucune question n'a reçu la réponse d'au moins deux personnes ; "
        "il n'y a pas d'accord à mesurer."
    )


def limits(*, these: bool) -> str:
    """What the answers of this page do not say, in French: those of the thesis, or those of a survey."""
    common = (
        "Une réponse est une déclaration. Peu de répondants par CPTS : lisez les effectifs avant les parts."
    )
    if these:
        return (
            "Limites : le questionnaire final n'a pas été passé aux CPTS de la thèse ; les réponses de A à E sont retrouvées "
            f"dans des tableaux et des entretiens, pas recueillies. {common}"
        )
    return f"Limites : {common} Les répondants ne sont pas tirés au sort : rien ne dit que les autres répondraient de même."


def known_caption(states: pd.DataFrame) -> str:
    """Title of the picture of `completeness`: the fewest and the most questions with an answer."""
    said = findings.spread(states, label="name_fr", value="answered")
    return f"Questions qui ont une réponse, sur {int(states['questions'].max())} : {said}"


def silent_caption(matrix: pd.DataFrame) -> str:
    """Title of the map of `state_matrix`: questions of which nothing is known, the ones that `unknown_sentence` names."""
    silent = int((matrix.drop(columns=matrix.columns[0]) == ABSENT).all(axis=1).sum())
    if not silent:
        return f"Chacune des {len(matrix)} questions a une réponse connue d'au moins une CPTS"
    verb = "n'a" if silent < 2 else "n'ont"
    return f"{french.plural(silent, 'question')} sur {len(matrix)} {verb} de réponse connue pour aucune CPTS"


def moved_caption(options: pd.DataFrame, name: str) -> str:
    """Title of the picture of `by_option`: answers added and given up, and in how many options; empty without any."""
    if options.empty:
        return ""
    gained, lost = int(options["gained"].sum()), int(options["lost"].sum())
    return f"{name}, les mêmes personnes : {french.plural(gained, 'réponse')} de plus, {lost} de moins, option par option"


def compared(cells: pd.DataFrame, cpts: str = "", first: str = "", second: str = "") -> tuple[str, str, str]:
    """CPTS and two waves to compare: those asked for, else the first CPTS, its oldest and its latest wave.

    Raises UnknownName for a CPTS without cells, NotComputable for a wave that this CPTS does not have.
    """
    known = cells["cpts"].drop_duplicates().astype(str).tolist()
    if cpts and cpts not in known:
        raise UnknownName("CPTS", cpts, known)
    chosen = cpts or known[0]
    waves = sorted(cells.loc[cells["cpts"] == chosen, "wave"].unique())
    for wave in filter(None, (first, second)):
        if wave not in waves:
            raise NotComputable(
                f"CPTS {chosen} : aucune réponse à la vague « {wave} » (vagues connues : {', '.join(waves)})."
            )
    return chosen, first or str(waves[0]), second or str(waves[-1])


def one_wave(cells: pd.DataFrame, cpts: str) -> str:
    """Sentence for a CPTS that has one wave only; nothing for the thesis, which met each CPTS once."""
    if set(cells["wave"]) == {DOCUMENT_WAVE}:
        return ""
    waves = cells.loc[cells["cpts"] == cpts, "wave"].unique()
    said = french.listing(map(in_words, waves))
    return f"{name(cells, cpts)} : une seule vague connue ({said}), donc rien à comparer dans le temps."


def name(cells: pd.DataFrame, cpts: str) -> str:
    """Name of a CPTS of the cells."""
    return str(cells.loc[cells["cpts"] == cpts, "name_fr"].iloc[0])


def first_here(cells: pd.DataFrame, cpts: str) -> pd.DataFrame:
    """The same cells with those of one CPTS first, so that its column opens every table."""
    return cells.sort_values("cpts", key=lambda codes: codes != cpts, kind="stable", ignore_index=True)


def agreement_sentence(table: pd.DataFrame, name_fr: str, wave: str) -> str:
    """On how many questions all agree and where they agree least, in French; empty without two answers to a question."""
    known = table.dropna(subset=["modal_share"])
    if known.empty:
        return ""
    full = int((known["modal_share"] == 100).sum())
    split = len(known) - full
    worst = known[known["modal_share"] == known["modal_share"].min()]
    said = (
        f"{name_fr}, {wave} : les personnes qui répondent donnent toutes la même réponse à "
        f"{french.plural(full, 'question')} sur {french.number(len(known))}"
    )
    if not split:
        return f"{said}."
    named = findings.tied(worst["question"].tolist(), "la plus disputée est", "les plus disputées sont")
    people = f"{french.number(worst['n'].iloc[0])} " if worst["n"].nunique() == 1 else ""
    return (
        f"{said} ; {named}, où la réponse la plus fréquente est celle de "
        f"{french.number(worst['modal_share'].iloc[0], 0)} % des {people}personnes."
    )


def sentence(cells: pd.DataFrame) -> str:
    """How many of the possible answers are known, in one French sentence, for a document or for a survey.

    A neighbouring notion is a hint and not an answer: hints are counted apart.
    """
    known, total, cpts = int(cells["state"].isin(ANSWERED).sum()), len(cells), cells["cpts"].nunique()
    share = f"({french.number(100 * known / total, 0)} %)"
    if set(cells["wave"]) == {DOCUMENT_WAVE}:
        hints = int(cells["state"].isin(HINTED).sum())
        return (
            f"La thèse laisse retrouver {french.number(known)} des {french.number(total)} réponses possibles {share} de "
            f"{french.plural(cpts, 'CPTS', 'CPTS')}, plus {french.plural(hints, 'indice')} sur une notion voisine ou "
            f"incomplète ; les {french.number(total - known - hints)} autres n'y sont pas, et une réponse inconnue n'est pas "
            "un « non »."
        )
    silent = int((cells["state"] == ABSENT).sum())
    verb = "n'a" if silent < 2 else "n'ont"
    absent = f" ; {french.number(silent)} {verb} aucune ligne" if silent else ""
    passed = len(cells.drop_duplicates(["cpts", "wave"]))
    each = f", {french.number(total // passed)} par CPTS et par vague" if passed > 1 else ""
    return (
        f"L'enquête donne au moins une réponse à {french.plural(known, 'question')} sur {french.number(total)} "
        f"{share}{each}{absent}."
    )


def respondents(answers: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Who answered (heads of PROFILE_FR): CPTS by name, roles in French, completion in percent, hidden counts "masqué"."""
    table = profile(answers)
    names = study.table("cpts/cpts", optional=True).set_index("cpts")["name_fr"]
    table = table.assign(
        cpts=table["cpts"].map(names).fillna(table["cpts"]),
        wave=table["wave"].map(in_words),
        role=table["role"].map(labels.codes("survey/answers", "role")),
        completion=(100 * table["completion"]).map(french.rounded),
    )
    shown = _hidden(table, ["respondents", "answered", "unanswered", "not_asked", "completion"])
    for column in ("answered", "unanswered", "not_asked", "completion"):
        shown.loc[table[column].isna(), column] = disclosure.MASKED
    return shown


def protection(answers: pd.DataFrame) -> str:
    """What the report protects of the answers of users and what it does not; empty when no user answered."""
    return PROTECTION_FR if (answers["role"] == USERS).any() else ""


def disagreement(
    answers: pd.DataFrame,
    consensus: pd.DataFrame,
    instrument: Instrument,
    cpts: str,
    wave: str,
    *,
    study: Study,
) -> pd.DataFrame:
    """Questions of one CPTS and wave that at least two people answered, the agreed value beside (DISAGREEMENT_FR).

    One row per question, the least agreed first. Users of care have a column of their own, masked when they are few, and none
    when no user answered.
    """
    both = spread(answers[(answers["cpts"] == cpts) & (answers["wave"] == wave)])
    decided = consensus[(consensus["cpts"] == cpts) & (consensus["wave"] == wave)]
    table = beside_consensus(both[both["group"] == OTHERS], decided)
    table = table[(table["n"] >= 2).fillna(True)]
    heads = {question.code: f"{question.code} · {question.label_fr}" for question in instrument}
    labels = option_labels(instrument, study)
    agreed = [_agreed(row, labels) for row in table.itertuples(index=False)]
    dissent = levers(answers, instrument, study, cpts, wave).drop_duplicates("question")
    users = both[both["group"] == USERS_GROUP].set_index("question")
    # What users alone answered has its row too.
    alone = [code for code in users.index if code not in set(table["question"])]
    table = pd.concat([table, pd.DataFrame({"question": alone, "n": 0, "roles": 0})], ignore_index=True)
    agreed += ["—"] * len(alone)
    told = (
        (100 * users["modal_share"])
        .map(french.rounded)
        .astype(object)
        .where(users["state"] != disclosure.MASKED, disclosure.MASKED)
    )
    table = table.assign(
        dissent_fr=table["question"].map(dissent.set_index("question")["dissent_fr"]).replace("", pd.NA),
        users=table["question"].map(told),
        question=table["question"].map(heads),
        modal_share=(100 * table["modal_share"]).map(french.rounded),
        consensus_options=agreed,
    )
    table = table.sort_values("modal_share", kind="stable", ignore_index=True)[list(DISAGREEMENT_FR)]
    # A question that was not discussed has no agreed value, which is no missing datum.
    empty = {"dissent_fr": "—", "users": "—", "consensus_options": "—", "decided_by_fr": "—"}
    table = table.astype(dict.fromkeys(empty, object)).fillna(empty)
    return table if len(users) else table.drop(columns="users")


def _hidden(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    masked = table["state"] == disclosure.MASKED
    return table.assign(
        **{column: table[column].astype(object).mask(masked, disclosure.MASKED) for column in columns}
    )


def index_rows(found: pd.DataFrame) -> pd.DataFrame:
    """Rows of `sensitivity` with a name per CPTS and wave, in the order given, for INDEX_FR and `figures.dots`."""
    names = found["name_fr"].astype(str) + ", " + found["wave"].astype(str).map(in_words)
    table = found.assign(territory=names).drop(columns=["cpts", "name_fr", "wave"])
    return table[[column for column in INDEX_FR if column in table]]


def _agreed(row: object, labels: Labels) -> object:
    options, value = row.consensus_options, row.consensus_value  # type: ignore[attr-defined]
    if pd.isna(options):
        return value
    return chosen(row.question, str(options).split(), labels)  # type: ignore[attr-defined]
