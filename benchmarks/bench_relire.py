"""What `cpts relire` finds: the five documents against judgements by hand, planted errors, sentences, formats, damage, speed.

    python benchmarks/bench_relire.py [--sources FOLDER] [--trials 400] [--write]

The texts are not in the repository: without their folder only the sentences, the damaged files and the example are measured.
`--write` stores the counts in data/rereading (seal with `cpts check --seal`). Judgements stand in
benchmarks/relire: `judgements.csv` (every difference of the sure families, with the claims of the ledger that it finds),
`links.csv` (a sample of confirmed figures: by the right cells or not), `sentences.csv` (half for tuning, half for the measure).
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import mutilated_files
import thesis_files

from helpers.documents.verdicts import DIFFERENT, GAP, REPRODUCED, ROUNDED
from helpers.errors import ObservatoireError
from helpers.rereading import documents, reading
from helpers.rereading.documents import Document, plain_lines
from helpers.rereading.findings import FAMILIES, Finding
from helpers.rereading.reading import Reading

ROOT = Path(__file__).resolve().parents[1]
HERE = ROOT / "benchmarks" / "relire"
KEYS = ("miller2022", "laine2021", "aura2022", "navinel2020", "fabrique2022")
SEED, SAMPLE = 20, 60
DIGITS = "0123456789"
WORDS = ("deux", "trois", "quatre", "cinq", "six", "sept", "huit", "dix", "douze", "quinze", "seize")


def rows(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sources(folder: Path) -> dict[str, Path]:
    """Text of each document, by key."""
    found = {
        row["key"]: folder / row["text"]
        for row in rows(ROOT / "data" / "documents.csv")
        if row["key"] in KEYS
    }
    return {key: path for key, path in found.items() if path.is_file()}


def known(one: Finding) -> tuple[str, str, str]:
    """What tells a difference in the file of judgements."""
    return one.family, str(one.stated.line), one.stated.printed


def judged(readings: dict[str, Reading]) -> tuple[dict[str, Counter[str]], set[str]]:
    """Differences of the sure families by family and judgement; the claims of the ledger that they find."""
    judgements = {
        (row["document"], row["family"], row["line"], row["printed"]): row
        for row in rows(HERE / "judgements.csv")
    }
    different = {row["claim_id"] for row in ledger() if row["verdict"] in DIFFERENT}
    by_family: dict[str, Counter[str]] = {family: Counter() for family in FAMILIES}
    found: set[str] = set()
    false: set[str] = set()
    without: list[str] = []
    for key, one_reading in readings.items():
        for one in one_reading.gaps:
            assert all((one.first.text, one.second.text, one.first.line)), one
            row = judgements.get((key, *known(one)))
            if row is None:
                without.append(f"{key} {' '.join(known(one))} : {one.reading}")
                continue
            by_family[one.family][row["judgement"]] += 1
            for claim in row["claims"].split():
                if claim in different and claim not in found:
                    found.add(claim)
                    by_family[one.family]["ledger"] += 1
            if row["judgement"] == "false":
                false.add(row["note"])
        for one in one_reading.confirmed:
            by_family[one.family]["confirmed"] += 1
    total = sum(by_family.values(), Counter())
    shown = total["true"] + total["false"] + total["undecidable"]
    for line in without:
        print("  sans jugement :", line)
    print(
        f"1. familles sûres : {shown} différences montrées, {total['true']} vraies, {total['false']} fausses, "
        f"{total['undecidable']} indécidables : précision {100 * total['true'] / max(shown, 1):.0f} % ; "
        f"{total['ledger']} des {len(different)} écarts du registre ; {len(false)} trouvailles fausses distinctes"
    )
    return by_family, found


def ledger() -> list[dict[str, str]]:
    """Rows of the register of the five documents, each claim once."""
    return [
        row
        for row in rows(ROOT / "reports" / "registre.csv")
        if row["document"] in KEYS and "@" not in row["claim_id"]
    ]


def confirmed(readings: dict[str, Reading]) -> set[str]:
    """Reproduced figures of the ledger that a check confirms, by line and value; the sample judged by hand."""
    places: dict[str, dict[tuple[int, float], Finding]] = {}
    for key, one_reading in readings.items():
        places[key] = {}
        # A computation before a figure told again: the first that holds it is the one judged.
        for one in sorted(one_reading.confirmed, key=lambda one: (one.family == "F3", one.family)):
            for term in (one.stated, *one.terms):
                places[key].setdefault((term.line, round(term.value, 6)), one)
    claims = {row["claim_id"]: row for row in rows(ROOT / "data" / "claims.csv")}
    wanted, found = 0, {}
    for row in ledger():
        if row["verdict"] not in (REPRODUCED, ROUNDED):
            continue
        wanted += 1
        claim = claims[row["claim_id"]]
        one = places[row["document"]].get((int(claim["line"]), round(float(claim["value"]), 6)))
        if one is not None:
            found[row["claim_id"]] = one
    sample = random.Random(SEED).sample(sorted(found), min(SAMPLE, len(found)))
    links = {row["claim_id"]: row["link"] for row in rows(HERE / "links.csv")}
    right = sum(links.get(claim_id) == "right" for claim_id in sample)
    unknown = [claim_id for claim_id in sample if claim_id not in links]
    for claim_id in unknown:
        one = found[claim_id]
        told = f"{claims[claim_id]['label_fr']} | {claims[claim_id]['printed']}"
        print(f"  lien à juger : {claim_id} | {told} | {one.family} | {one.reading}")
    print(
        f"2. {len(found)} des {wanted} chiffres reproduits confirmés ; {right} des {len(sample)} liens jugés vont aux "
        f"bonnes cellules ({len(unknown)} sans jugement)"
    )
    return set(found)


def changed(text: str, draw: random.Random) -> str:
    """The figure with one digit, or its number word, changed."""
    places = [rank for rank, letter in enumerate(text) if letter in DIGITS]
    if not places:
        word = next((word for word in WORDS if word in text.lower()), "")
        other = draw.choice([one for one in WORDS if one != word])
        return re.sub(word, other, text, count=1, flags=re.IGNORECASE) if word else text
    rank = draw.choice(places)
    first = rank == places[0]
    return (
        text[:rank]
        + draw.choice([digit for digit in DIGITS[first:] if digit != text[rank]])
        + text[rank + 1 :]
    )


def touches(one: Finding, line: int) -> bool:
    """Whether a finding reads something on a line."""
    return line in (one.first.line, one.second.line, one.stated.line, *(term.line for term in one.terms))


def planted(texts: dict[str, str], readings: dict[str, Reading], trials: int) -> None:
    """One figure changed at a time: is a difference shown on its line, and none elsewhere?"""
    draw = random.Random(SEED)
    seen: Counter[str] = Counter()
    quiet = done = 0
    kinds = ("held", "cell", "prose")
    for trial in range(trials):
        key = KEYS[trial % len(KEYS)]
        base, kind = readings[key], kinds[(trial // len(KEYS)) % 3]
        pool = {"held": base.held, "cell": base.in_tables, "prose": base.figures - base.in_tables}[kind]
        if not pool:
            continue
        place = draw.choice(sorted(pool))
        made = with_change(texts[key], base.document, place, draw)
        if made is None:
            continue
        again = reading.of(Document(key, tuple(plain_lines(made))))
        before = {
            (one.family, one.stated.line, one.second.line, one.reading)
            for one in base.findings
            if one.verdict == GAP
        }
        new = [
            one for one in again.findings
            if one.verdict == GAP and (one.family, one.stated.line, one.second.line, one.reading) not in before
        ]  # fmt: skip
        done += 1
        detected = any(touches(one, place[0]) for one in new)
        quiet += not [one for one in new if not touches(one, place[0])]
        for name in {
            kind,
            *(["held"] if place in base.held else []),
            "cell" if place in base.in_tables else "prose",
        }:
            if name == kind or name == "held":
                seen[f"{name} tried"] += 1
                seen[f"{name} found"] += detected
    told = ", ".join(
        f"{name} {seen[f'{kind} found']} sur {seen[f'{kind} tried']} "
        f"({100 * seen[f'{kind} found'] / max(seen[f'{kind} tried'], 1):.0f} %)"
        for kind, name in (("held", "tenus"), ("cell", "cellules"), ("prose", "phrases"))
    )
    print(
        f"3. {done} chiffres changés : {told} ; aucune différence ailleurs dans {100 * quiet / max(done, 1):.1f} % des essais"
    )


def reach(readings: dict[str, Reading]) -> None:
    """Figures that a check holds or finds again, mean of the documents (one planted in each in turn): what a change can meet."""
    for name in ("cellules", "phrases"):
        held, again = [], []
        for one in readings.values():
            pool = one.in_tables if name == "cellules" else one.figures - one.in_tables
            held.append(100 * len(pool & one.held) / max(len(pool), 1))
            again.append(100 * len(pool & one.told_again) / max(len(pool), 1))
        print(
            f"3. {name} : {sum(held) / len(held):.0f} % tenues par un calcul, {sum(again) / len(again):.0f} % redites ailleurs"
        )


def with_change(text: str, document: Document, place: tuple[int, int], draw: random.Random) -> str | None:
    """The text with the figure of one place changed, None when it cannot be found again in its line."""
    lines = text.split("\n")
    number, rank = place
    line = document.line(number)
    if line.cells and rank < len(line.cells):
        old = line.cells[rank]
        new = changed(old, draw)
        before = "".join(line.cells[:rank]).count(old)
    else:
        match = re.match(r"\d[\d \u00a0\u202f.,]*|[\wÀ-ÿ-]+", line.text[rank:])
        if match is None:
            return None
        old = match.group().rstrip(" .,\u00a0\u202f")
        new = changed(old, draw)
        before = line.text[:rank].count(old)
    parts = lines[number - 1].split(old)
    if len(parts) < before + 2 or new == old:
        return None
    lines[number - 1] = old.join(parts[: before + 1]) + new + old.join(parts[before + 1 :])
    return "\n".join(lines)


def sentences() -> None:
    """Sentences with right and wrong figures: the wrong ones found, and what is shown is wrong."""
    for half in ("tuning", "measure"):
        counts: Counter[str] = Counter()
        for row in rows(HERE / "sentences.csv"):
            if row["half"] != half:
                continue
            made = reading.of(Document("phrase", tuple(plain_lines(row["sentence"]))))
            gaps, agreed = made.gaps, made.confirmed
            wrong = row["right"] == "non"
            counts["checked"] += bool(gaps if wrong else agreed)
            counts["gaps"] += bool(gaps)
            counts["right gaps"] += bool(gaps) and wrong
            counts["all"] += 1
            if bool(gaps) != wrong or (not wrong and not agreed):
                print(f"  {half} : {row['sentence'][:70]} -> {[one.reading for one in made.findings]}")
        print(
            f"4. phrases ({half}) : {counts['checked']} sur {counts['all']} lues comme il faut "
            f"({100 * counts['checked'] / counts['all']:.0f} %), {counts['right gaps']} différences vraies sur "
            f"{counts['gaps']} montrées"
        )


def told(one: Finding) -> tuple[str, ...]:
    """What tells a check whatever the format: its family, its figure and its reading, without spaces nor numbers of lines."""
    reading_only = re.sub(r"(?:l\.|§)\s?\d+", "", one.reading)
    return one.family, *(re.sub(r"\s", "", said) for said in (one.stated.printed, reading_only))


def formats(readings: dict[str, Reading]) -> None:
    """The same text as a thesis has it, in each format: checks that are kept, differences that only the format makes."""
    for suffix, write_as in (("docx", thesis_files.docx), ("odt", thesis_files.odt)):
        kept = whole = new = 0
        with tempfile.TemporaryDirectory() as folder:
            for key, one_reading in readings.items():
                path = write_as(one_reading.document, Path(folder) / f"{key}.{suffix}")
                again = reading.reread(path)
                before = Counter(map(told, one_reading.confirmed))
                kept += sum((Counter(map(told, again.confirmed)) & before).values())
                whole += sum(before.values())
                new += len(set(map(told, again.gaps)) - set(map(told, one_reading.gaps)))
        print(
            f"5. {suffix.upper()} : {kept} des {whole} comparaisons qui concordent gardées "
            f"({100 * kept / max(whole, 1):.1f} %), {new} différences nouvelles"
        )


def mutilated() -> None:
    """Fifty damaged files: a rereading or one sentence, never a traceback."""
    example = documents.read(ROOT / "data" / "examples" / "memoire_exemple.txt")
    read = refused = 0
    with tempfile.TemporaryDirectory() as folder:
        thesis_files.docx(example, Path(folder) / "o.docx")
        thesis_files.odt(example, Path(folder) / "o.odt")
        for _, path in mutilated_files.made(example, Path(folder), SEED):
            try:
                reading.reread(path)
                read += 1
            except ObservatoireError as error:
                refused += "\n" not in str(error)
    print(f"6. fichiers abîmés : {read} relus, {refused} refusés en une phrase, {50 - read - refused} arrêt")


def write(by_family: dict[str, Counter[str]], gaps: set[str], agreeing: set[str]) -> None:
    """The counts for the notebook: by family, then what the ledger knows and the rereading finds or misses, by kind of figure."""
    names = ("confirmed", "true", "false", "undecidable", "ledger")
    heads = ("confirmed", "true_gaps", "false_gaps", "undecidable_gaps", "ledger_gaps")
    stored(
        "measures", ("family", *heads),
        [(family, *(counts[name] for name in names)) for family, counts in by_family.items() if counts],
    )  # fmt: skip
    kinds = {row["claim_id"]: row["kind"] for row in rows(ROOT / "data" / "claims.csv")}
    by_kind: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in ledger():
        counts = by_kind[row["document"], kinds[row["claim_id"]]]
        if row["verdict"] in DIFFERENT:
            counts["gaps"] += 1
            counts["gaps_found"] += row["claim_id"] in gaps
        elif row["verdict"] in (REPRODUCED, ROUNDED):
            counts["reproduced"] += 1
            counts["reproduced_found"] += row["claim_id"] in agreeing
    heads = ("gaps", "gaps_found", "reproduced", "reproduced_found")
    stored(
        "ledger", ("document", "kind", *heads),
        [(*place, *(counts[head] for head in heads)) for place, counts in sorted(by_kind.items()) if counts],
    )  # fmt: skip


def stored(name: str, heads: Sequence[str], found: Sequence[Sequence[object]]) -> None:
    """A table of data/rereading."""
    with (ROOT / "data" / "rereading" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([heads, *found])


def main() -> None:
    """Print every measure that the texts at hand allow."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sources", type=Path, default=ROOT.parent / "shared" / "sources")
    parser.add_argument("--trials", type=int, default=400)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    paths = sources(options.sources)
    if len(paths) == len(KEYS):
        readings, spent = {}, {}
        for key, path in paths.items():
            begin = time.perf_counter()
            readings[key] = reading.reread(path)
            spent[key] = time.perf_counter() - begin
        by_family, gaps = judged(readings)
        agreeing = confirmed(readings)
        texts = {key: path.read_text(encoding="utf-8") for key, path in paths.items()}
        reach(readings)
        if options.trials:
            planted(texts, readings, options.trials)
        formats(readings)
        print(
            f"6. le texte le plus long : {max(spent.values()):.1f} s ({max(spent, key=lambda key: spent[key])})"
        )
        if options.write:
            write(by_family, gaps, agreeing)
    else:
        print(f"Les textes ne sont pas dans « {options.sources} » : mesures 1 à 3 et 5 non faites.")
    sentences()
    mutilated()


if __name__ == "__main__":
    main()
