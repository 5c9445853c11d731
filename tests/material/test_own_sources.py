"""Our own sources: what the tables say, against counts worked by hand and the check values of the transcription."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers import material
from helpers.documents import reproductions
from helpers.errors import DataError, NotComputable
from helpers.material import coefficients, crosswalk, interviews, saturation, second_reading
from tests.conftest import ROOT
from tests.project import PROJECT


@pytest.fixture(scope="module")
def tables():
    names = ("brakes", "levers", "brake_themes", "brake_families", "brakes_by_interview", "levers_by_interview", "verbatims",
             "statements", "statement_codes", "interviews")  # fmt: skip
    return {name: PROJECT.table(f"navinel2020/{name}") for name in names}


@pytest.fixture(scope="module")
def passages():
    return PROJECT.table("coding/passage_codings")


@pytest.fixture(scope="module")
def codings():
    return PROJECT.table("coding/testimony_codings")


class TestPassages:
    def test_agree_with_the_index_of_extracts(self, passages, tables):
        both = passages.merge(tables["verbatims"], on="line", suffixes=("", "_index"))
        assert len(both) == len(passages) == 182
        for column in ("speaker", "author_code"):
            assert (both[column] == both[f"{column}_index"]).all()
        assert both["duplicate_of_line"].equals(both["duplicate_of_line_index"])

    def test_agreement_with_and_without_repeated_extracts(self, passages):
        whole = material.measures(second_reading.headings(passages), indicator="titre", draws=200)
        row = whole.set_index("statistic").loc[coefficients.RAW]
        assert (row["numerator"], row["denominator"]) == (132, 182)
        assert whole.set_index("statistic").loc[coefficients.ALPHA, "value"] == pytest.approx(0.72, abs=5e-3)
        once = second_reading.headings(second_reading.distinct(passages))
        assert (len(once), int((once.iloc[:, 0] == once.iloc[:, 1]).sum())) == (174, 131)

    def test_repeated_extracts_show_that_a_passage_bears_two_headings(self, passages):
        table = second_reading.repeated(passages)
        assert table["line"].tolist() == [1222, 1284, 1402, 1406, 1434, 1512, 1568, 1678]
        assert not table["same_author"].any()
        assert table["same_reading"].all()
        said = second_reading.repeated_sentence(passages)
        assert "8 fois sur 8" in said

    def test_second_choice(self, passages):
        assert second_reading.second_choice(passages) == 20
        assert "pour 20" in second_reading.second_choice_sentence(passages)

    def test_most_exchanged_headings(self, passages, tables):
        pairs = second_reading.apart(second_reading.headings(passages))
        assert pairs.iloc[0].tolist() == ["c2b", "c1a", 4]
        assert pairs["units"].sum() == 50
        assert len(second_reading.apart(second_reading.headings(passages), minimum=3)) == 2
        by_family = second_reading.family_table(passages, tables["brakes"], tables["brake_families"])
        inside = by_family.set_index("Titre").to_numpy().diagonal().sum()
        assert (inside, by_family.set_index("Titre").to_numpy().sum()) == (156, 182)

    def test_too_many_extracts_asked_is_refused(self, passages):
        assert second_reading.frequent(passages, 9) == ["c2a"]
        with pytest.raises(NotComputable, match="Aucun titre n'a 20 extraits"):
            second_reading.frequent(passages, 20)


class TestTestimonies:
    @pytest.mark.parametrize(
        ("variable", "order", "alpha", "units"),
        [("valence", (), 0.88, 42), ("level", second_reading.LEVELS, 0.85, 28), ("phase", (), 0.66, 42)],
    )
    def test_check_values(self, codings, variable, order, alpha, units):
        row = material.krippendorff_alpha(
            second_reading.testimonies(codings, variable), order=order, draws=50
        ).iloc[0]
        assert row["value"] == pytest.approx(alpha, abs=5e-3)
        assert row["denominator"] == units

    def test_first_coder_counts(self, codings):
        first = codings[codings["coder"] == 1]
        counts = pd.crosstab(first["role"], first["valence"])
        assert counts.loc["cls", ["+", "-", "0", "P"]].tolist() == [10, 7, 1, 2]
        assert counts.loc["cpts", ["+", "-", "0", "P"]].tolist() == [8, 2, 1, 1]
        assert first["level"].value_counts().sort_index().tolist() == [5, 4, 10, 4, 3, 3]

    def test_a_level_given_by_one_coder_only_is_a_disagreement(self, codings):
        table = second_reading.testimony_disagreements(codings)
        levels = table[table["Ce qui est codé"] == "Degré d'articulation"]
        one_only = (levels[["Codeur 1", "Codeur 2 (automatique)"]] == "aucun").any(axis=1)
        assert levels.loc[one_only, "Témoignage"].tolist() == ["T22", "T23", "T33"]
        assert len(table[table["Ce qui est codé"] == "Valence"]) == 3
        assert (
            "28 témoignages portent un degré des deux codeurs, 11 d'aucun, 3 d'un seul"
            in second_reading.level_sentence(codings)
        )


class TestInterviews:
    def test_matrix_is_the_count_of_printed_extracts(self, tables):
        counted = tables["verbatims"].groupby(["author_code", "speaker"]).size()
        for name, code in (("brakes_by_interview", "brake"), ("levers_by_interview", "lever")):
            for row in tables[name].itertuples():
                assert row.quotes == counted.get((getattr(row, code), row.interview), 0)

    def test_codes_by_number_of_interviewees(self, tables):
        quoted = interviews.quoted_by_code(tables["brakes_by_interview"], code="brake", labels={})
        assert interviews.distribution(quoted)["codes"].tolist() == [18, 12, 8, 4, 0, 0]

    def test_no_statement_of_unanimity_is_supported(self, tables):
        found = interviews.unanimity(
            tables["statements"], tables["statement_codes"], tables["verbatims"], sample=6
        )
        assert found.set_index("statement")["quoted"].to_dict() == {
            "a2_unanimite": 4, "a4_unanimite": 3, "b2_unanimite": 3, "c2c_i_tous": 4, "temps_tous": 5,
        }  # fmt: skip
        assert found.set_index("statement").loc["a2_unanimite", "missing"] == "M5, M6"
        # The ledger counts the same statements by its own path.
        ledger = reproductions.ledger(["navinel2020_statements.unanimite"], study=PROJECT)["lower"]
        for statement, quoted in zip(found["statement"], found["quoted"], strict=True):
            assert ledger[f"navinel2020.enonces.{statement}"] == quoted
        assert "n'en appuient aucun ; le mieux" in interviews.unanimity_sentence(found)

    def test_titles_of_the_page_say_what_is_counted(self, tables, passages):
        page = (ROOT / "notebooks" / "04_freins_leviers.ipynb").read_text(encoding="utf-8")
        bare = interviews.brakes_without_lever(tables["brakes"], tables["levers"], tables["brake_themes"])
        none = bare["status"].eq(interviews.WITHOUT_LEVER).groupby(bare["family"]).all()
        assert none.sum() == 1
        assert "## Une famille entière de freins n'a aucun levier" in page
        counts = second_reading.family_table(passages, tables["brakes"], tables["brake_families"]).set_index(
            "Titre"
        )
        left = counts.to_numpy().sum() - sum(counts.loc[name, name] for name in counts.columns)
        apart = second_reading.headings(passages).pipe(lambda rows: rows.iloc[:, 0] != rows.iloc[:, 1]).sum()
        assert 0.45 <= left / apart <= 0.55
        assert "## Un désaccord sur deux sort de la famille de titres" in page

    def test_no_new_code_is_said_in_words(self, tables):
        grids = interviews.levels(
            tables["brakes_by_interview"], tables["levers_by_interview"], tables["brakes"], order=tables["interviews"],
        )  # fmt: skip
        table = interviews.saturation(grids)
        assert "n'apportent aucun code nouveau sur 21" in interviews.saturation_sentence(table, "thèmes")
        assert "n'apportent aucun code nouveau" in interviews.saturation_caption(table, "thèmes")

    def test_saturation_at_three_levels(self, tables):
        grids = interviews.levels(
            tables["brakes_by_interview"],
            tables["levers_by_interview"],
            tables["brakes"],
            order=tables["interviews"],
        )
        table = interviews.saturation(grids).set_index("level")
        assert table["codes"].to_dict() == {"freins": 42, "thèmes": 21, "leviers": 12}
        assert table["last_two"].to_dict() == {"freins": 8, "thèmes": 0, "leviers": 1}
        assert table.loc["freins", ["once", "twice"]].tolist() == [18, 12]
        assert table.loc["freins", "estimate"] == pytest.approx(53.25)
        assert material.chao2(grids["freins"], bias_corrected=True)["value"].item() == pytest.approx(
            51.8, abs=0.05
        )
        curve = saturation.curve(grids["freins"])
        assert curve["seen"].tolist() == [9, 16, 30, 34, 38, 42]
        assert curve["mean"].round(2).tolist() == [13.67, 23.33, 30.20, 35.20, 39.00, 42.00]
        assert saturation.curve(grids["thèmes"])["seen"].tolist() == [8, 14, 20, 21, 21, 21]

    def test_an_estimate_without_interval_says_why_and_nothing_else(self):
        full = pd.DataFrame([[True, True], [True, True]], columns=["E1", "E2"])
        shown = interviews.saturation_table(interviews.saturation({"freins": full}))
        assert shown["Chao2"].tolist() == ["2,0 (intervalle non défini : rien n'annonce un code non vu)"]

    def test_themes_without_lever(self, tables):
        table = interviews.brakes_without_lever(tables["brakes"], tables["levers"], tables["brake_themes"])
        assert set(table.loc[table["levers"] > 0, "theme"]) == {"a3", "a5", "a7", "b1", "b2", "b4", "c2"}
        assert interviews.without_lever_sentence(table, tables["brake_families"]) == (
            "14 thèmes de freins sur 21 n'ont aucun levier, dont tous ceux de la famille « habitudes et profils »."
        )
        by_family = interviews.families(table, tables["brake_families"])
        assert by_family["Thèmes sans levier"].tolist() == [4, 1, 1, 8]
        listed = interviews.without_lever(table, tables["brake_families"])
        assert (len(listed), listed["Freins"].sum()) == (14, 21)


# Table and code of each support -> line and stances that the cited table gives.
def supports() -> dict[tuple[str, str], set[tuple[int, str]]]:
    found: dict[tuple[str, str], set[tuple[int, str]]] = {}

    def add(table, code, line, *stances):
        found.setdefault((table, code), set()).update((int(line), stance) for stance in stances)

    polarity = {"frein": ["obstacle"], "levier": ["levier"], "mixte": ["obstacle", "levier"]}
    valence = {"-": ["obstacle"], "+": ["levier"]}
    for row in PROJECT.table("navinel2020/brakes").itertuples():
        add("navinel2020/brakes", row.brake, row.line, "obstacle")
    for row in PROJECT.table("navinel2020/levers").itertuples():
        add("navinel2020/levers", row.lever, row.line, "levier")
    for row in PROJECT.table("laine2021/barriers_levers").itertuples():
        add("laine2021/barriers_levers", f"{row.kind}:{row.item}", row.line, *polarity.get(row.kind, []))
    for row in PROJECT.table("miller2022/themes").itertuples():
        add("miller2022/themes", row.theme, row.line, *polarity.get(row.polarity, []))
    for row in PROJECT.table("aura2022/coded_statements").itertuples():
        add("aura2022/coded_statements", f"{row.domain}:{row.code}", row.line, *polarity.get(row.domain, []))
    for row in PROJECT.table("fabrique2022/articulation_statements").itertuples():
        add("fabrique2022/articulation_statements", row.statement, row.line, *valence.get(row.valence, []))
    # The perspectives of Navinel are put forward; the joined interview of Lainé is coded turn by turn.
    for row in PROJECT.table("navinel2020/perspectives").itertuples():
        add("navinel2020/perspectives", row.perspective, row.line, "levier")
    turned = {"favorable": ["levier"], "obstacle": ["obstacle"]}
    for row in PROJECT.table("laine2021/transcript_codings").itertuples():
        add("laine2021/transcript_codings", f"{row.turn}:{row.rank}", row.line, *turned.get(row.stance, []))
    said = PROJECT.table("coding/testimonies_settled").set_index("testimony")["valence"]
    for row in PROJECT.table("fabrique2022/testimonies").itertuples():
        add("fabrique2022/testimonies", row.testimony, row.line, *valence.get(said[row.testimony], []))
    return found


class TestCrosswalk:
    def test_every_support_is_in_the_cited_table_with_its_line_and_stance(self):
        known = supports()
        evidence = PROJECT.table("coding/crosswalk")
        for row in evidence.itertuples():
            assert (row.line, row.stance) in known[row.table, row.code], row
            assert row.table.startswith(f"{row.document}/")
        # Nothing is left out of a cited code: a mixed one gives both stances, a repeated one all its lines.
        for (table, code), rows in evidence.groupby(["table", "code"]):
            assert set(zip(rows["line"], rows["stance"], strict=True)) == known[table, code]

    def test_every_theme_has_a_support(self):
        assert set(PROJECT.table("coding/crosswalk")["theme"]) == set(
            PROJECT.table("coding/crosswalk_themes")["theme"]
        )

    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            (["obstacle", "obstacle", "silencieux"], "convergence"),
            (["obstacle", "obstacle et levier"], "convergence"),
            (["obstacle", "obstacle et levier", "levier"], "divergence"),
            (["obstacle", "silencieux"], "silence"),
            (["silencieux"], "silence"),
        ],
    )
    def test_verdict(self, said, expected):
        assert crosswalk.verdict(said) == expected

    def test_stances_and_verdicts_of_a_small_table(self):
        themes = pd.DataFrame({"theme": ["t1", "t2", "t3"]})
        evidence = pd.DataFrame(
            [
                ("t1", "A", "obstacle", 4),
                ("t1", "A", "levier", 9),
                ("t1", "B", "levier", 2),
                ("t2", "B", "levier", 5),
            ],
            columns=["theme", "document", "stance", "line"],
        )
        table = crosswalk.stances(evidence, themes, ["A", "B"])
        assert table["A"].tolist() == ["obstacle et levier", "silencieux", "silencieux"]
        found = crosswalk.verdicts(table)
        assert found["verdict"].tolist() == ["convergence", "silence", "silence"]
        assert found["silent"].tolist() == [0, 1, 2]
        lines = crosswalk.locators(
            evidence, themes.assign(label_fr=themes["theme"]), {"B": "Deux", "A": "Un"}
        )
        assert lines.to_numpy().tolist() == [["t1", "2", "4, 9"], ["t2", "5", "—"], ["t3", "—", "—"]]
        assert list(lines.columns) == ["Thème", "Deux", "Un"]
        said = crosswalk.sentence(found, {"t1": "Un", "t2": "Deux", "t3": "Trois"}).replace("\u00a0", " ")
        assert said == (
            "Sur 3 thèmes comparés entre les documents, 1 convergent et 0 divergent ; 2 ne se trouvent que dans un document."
        )

    @pytest.mark.parametrize("column", ["theme", "document", "stance"])
    def test_an_unknown_word_is_named(self, column):
        evidence = pd.DataFrame([("t1", "A", "levier", 1)], columns=["theme", "document", "stance", "line"])
        with pytest.raises(DataError, match=f"« x » n'est pas prévu dans la colonne {column}"):
            crosswalk.stances(evidence.assign(**{column: "x"}), pd.DataFrame({"theme": ["t1"]}), ["A"])
