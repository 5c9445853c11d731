"""Change the code of the methods one place at a time, and see whether their tests notice: `python tools/mutants.py`.

Mutants are drawn with a seed from the comparisons, arithmetic, constants and boolean words of each module, after the seven
holes that an earlier reading found. Each runs the tests of its module only, in a copy of the project; prints one line per
survivor, then killed, equivalent (judged by reading, listed below) and survived. `--mutants 30 --seed 7` for a bounded run.
"""

from __future__ import annotations

import argparse
import ast
import random
import sys
import tempfile
from pathlib import Path

import mutation
from mutation import ROOT, Mutant

METHODS = "src/helpers/methods"
EDGES = "tests/methods/test_edges.py"
TRENDS = ["tests/methods/test_trends.py", "tests/methods/test_rules.py", EDGES]
BREAKS = ["tests/methods/test_trends_breaks.py", EDGES]
COMPARED = ["tests/methods/test_comparison.py", "tests/methods/test_shrinkage.py", EDGES]
MODULES = {
    f"{METHODS}/rates.py": ["tests/methods/test_rates.py", "tests/methods/test_proportions.py", EDGES],
    f"{METHODS}/comparison.py": [*COMPARED, "tests/methods/test_rules.py"],
    f"{METHODS}/contrast.py": ["tests/methods/test_contrast.py", EDGES],
    f"{METHODS}/controlled.py": ["tests/methods/test_controlled.py", EDGES],
    f"{METHODS}/inequality.py": COMPARED,
    f"{METHODS}/trends/monotone.py": TRENDS,
    f"{METHODS}/trends/recent.py": [*TRENDS, "tests/methods/test_proportions.py"],
    f"{METHODS}/trends/breaks.py": [*BREAKS, "tests/methods/test_controlled.py"],
    f"{METHODS}/trends/bends.py": BREAKS,
    f"{METHODS}/trends/chance.py": TRENDS,
    "src/helpers/material/coefficients.py": ["tests/material/test_coefficients.py"],
    f"{METHODS}/disclosure.py": ["tests/methods/test_disclosure.py"],
    f"{METHODS}/suppression.py": ["tests/methods/test_disclosure.py"],
    "src/helpers/aci/simulation.py": ["tests/aci/test_simulation.py"],
}
# The holes of an earlier reading, where they now live: text as it is, and as the mutant has it.
HOLES = [
    (f"{METHODS}/inequality.py", "<= 1e-12 * max(abs(low_end)", "<= -1e-12 * max(abs(low_end)"),
    (f"{METHODS}/trends/breaks.py", "if season < 2:", "if season <= 2:"),
    (f"{METHODS}/trends/bends.py", "floor = 1e-20 * max(", "floor = 1e-32 * max("),
    (
        f"{METHODS}/trends/monotone.py",
        '"": "Mann-Kendall (1945, 1975)"',
        '"": "Mann-Kendall, Hamed et Rao (1998)"',
    ),
    (f"{METHODS}/trends/monotone.py", "if last < 1:", "if last < 2:"),
    (f"{METHODS}/trends/recent.py", "< 1e-12 * max(y.max(), 1e-300)", "< 1e-3"),
    (f"{METHODS}/trends/recent.py", '"denominator": float(size[-1])', '"denominator": float(size[0])'),
]
# Mutants that no result can show, by reading: a part of the line, or its end and the change, and why.
EQUIVALENT = {
    "np.maximum(events, 1e-9)": "the lower limit of no event is set to zero after",
    "np.maximum(small, 0.5)": "the lower limit of no event is set to zero after",
    "np.exp(-expected) < tail": "scipy gives 0 there",
    "np.exp(-expected) < 1 - tail": "scipy gives 0 there",
    "1e-300": "guards a division by zero that the checks before refuse",
    "np.where(events[:, None] > 0, np.maximum(low, 0), 0.0)": "the limit computed for no event is negative, then zero",
    "check(np.where(known, counted, 0)": "stands for a missing cell, which is told elsewhere",
    "POINTS_FOR = {0: 4, 1: 7, 2: 11} | 4 -> 5": "fewer than seven points are refused before",
    "cells.sort(key=lambda cell: cell[0] != first[0]": "in what order cells are proved, not what is proved",
    "(here == total), 1, -1) | 1 -> 2": "only its sign is read",
    "direction = np.where(lower > 1, 1, np.where(upper < 1": "a limit of exactly 1, in floating point",
    "totals)[0] == 0: | 0 -> 1": "the shortcut is lost, the proof by programming stays",
    "mine.sort(key=lambda line": "in what order cells are tried (400 random tables: the same masks); the proof decides",
    'note="" if known else _PERFECT if value > 1 - 1e-12': "the very float 1 - 1e-12",
    "return np.array([here]), np.array([0]) | 0 -> 1": "the cell itself, masked already, costs nothing with either sign",
    "direction = 1 if limits.low > 0 else -1 if limits.high < 0": "a limit of exactly zero, in floating point",
    'verdict = EFFECT if last["p_value"] < 1 - level': "a p of exactly the risk, in floating point",
    "good = simulated[0] > 0": "an end of exactly zero in a draw, in floating point",
    "design = sm.add_constant(times - times.mean()) | - -> +": "the same slope and error wherever time starts",
    "not masked[cell] and counts[cell] > 0] | 0 -> 1": "a count of one is masked before",
    "lru_cache": "how much is kept, not what",
    "BLOCK": "size of a block of draws",
    "SEED": "another seed, another draw",
    ", col_scores=np.array([1.0, 0.0])) | 1.0 -> 2.0": "twice the scores, the same standardised statistic",
    "np.inf)) | 0 -> 1": "adds the same cost to every place (`sign == 0`): the shortcut is lost, the proof by programming stays",
}
SWAPS: dict[type, type] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip
SIGNS = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.Add: "+", ast.Sub: "-",
    ast.Mult: "*", ast.Div: "/", ast.And: "and", ast.Or: "or",
}  # fmt: skip


def places(module: str) -> list[Mutant]:
    """Every mutant of a module that its syntax tree offers."""
    source = (ROOT / module).read_text(encoding="utf-8")
    found: list[Mutant] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
            found += _between(module, source, node.left, node.comparators[0], type(node.ops[0]))
        elif isinstance(node, ast.BinOp) and type(node.op) in SWAPS:
            found += _between(module, source, node.left, node.right, type(node.op))
        elif isinstance(node, ast.BoolOp):
            found += _between(module, source, node.values[0], node.values[1], type(node.op))
        elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
            start, end = _offset(source, node, "start"), _offset(source, node, "end")
            found.append(_made(module, source, node.lineno, start, end, repr(node.value + 1)))
    return found


def _between(module: str, source: str, left: ast.expr, right: ast.expr, kind: type) -> list[Mutant]:
    start, end = _offset(source, left, "end"), _offset(source, right, "start")
    part = source[start:end]
    sign = SIGNS[kind]
    if part.count(sign) != 1 or "\n" in part:
        return []
    at = start + part.index(sign)
    return [_made(module, source, left.end_lineno or 0, at, at + len(sign), SIGNS[SWAPS[kind]])]


def _made(module: str, source: str, line: int, start: int, end: int, new: str) -> Mutant:
    text = source.splitlines()[line - 1].strip()
    return Mutant(module, line, f"{source[start:end]} -> {new}", source[:start] + new + source[end:], text)


def _offset(source: str, node: ast.expr, side: str) -> int:
    line = node.lineno if side == "start" else node.end_lineno or 0
    column = node.col_offset if side == "start" else node.end_col_offset or 0
    lines = source.splitlines(keepends=True)
    # Columns of the tree are in bytes, the text has accents.
    return sum(map(len, lines[: line - 1])) + len(lines[line - 1].encode()[:column].decode())


def named_holes() -> list[Mutant]:
    """The seven holes as mutants; refuses one whose text is no longer there."""
    try:
        return [mutation.planted(*hole) for hole in HOLES]
    except LookupError as gone:
        sys.exit(f"{gone} Corrigez HOLES.")


def verdict(mutant: Mutant, copy: Path) -> str:
    """ "killed", "equivalent" or "survived"."""
    named = any(mutant.module == module and mutant.text == old for module, old, _ in HOLES)
    told = f"{mutant.text} | {mutant.change}"
    if not named and any(part in told for part in EQUIVALENT):
        return "equivalent"
    return "killed" if mutation.tried(mutant, MODULES[mutant.module], copy).failed else "survived"


def main() -> None:
    """Draw, run, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", type=int, default=100)
    parser.add_argument("--seed", type=int, default=21)
    parser.add_argument("--only", default="", help="parts of the names of the modules, with commas")
    asked = parser.parse_args()
    draw = random.Random(asked.seed)
    modules = [module for module in MODULES if any(part in module for part in asked.only.split(","))]
    chosen = [mutant for mutant in named_holes() if mutant.module in modules]
    pools = {module: draw.sample(found, len(found)) for module in modules for found in [places(module)]}
    while len(chosen) < asked.mutants and any(pools.values()):
        chosen += [pool.pop() for pool in pools.values() if pool][: asked.mutants - len(chosen)]
    counts = {"killed": 0, "survived": 0, "equivalent": 0}
    with tempfile.TemporaryDirectory() as folder:
        copy = mutation.copied(Path(folder))
        broken = [module for module in modules if mutation.run(MODULES[module], copy).failed]
        if broken:
            sys.exit(f"Les tests échouent sans mutant : {', '.join(broken)}.")
        for mutant in chosen:
            found = verdict(mutant, copy)
            counts[found] += 1
            if found != "killed":
                print(
                    f"{found:10} {mutant.module}:{mutant.line}  {mutant.change}   {mutant.text[:90]}",
                    flush=True,
                )
    alive = counts["killed"] + counts["survived"]
    share = 100 * counts["killed"] / alive if alive else 0.0
    print(
        f"{sum(counts.values())} mutants: {counts}; {share:.0f} % of those that are not equivalent are killed"
    )


if __name__ == "__main__":
    main()
