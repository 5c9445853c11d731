"""Brakes and levers of a set of interviews: by theme, by interview, without answer, and what "unanimously" rests on.

Everything is counted on printed extracts: an interviewee who is not quoted may have said the same.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers import french
from helpers.errors import NotComputable
from helpers.material.saturation import accumulation, accumulation_in_order, chao2, presence

WITHOUT_LEVER, WITH_LEVER = "sans levier", "avec levier"


def code_labels(brakes: pd.DataFrame, levers: pd.DataFrame, themes: pd.DataFrame) -> dict[str, str]:
    """French label of every theme, brake and lever, by code; a lever says that it is one."""
    names = dict(zip(themes["theme"].astype(str), themes["label_fr"].astype(str), strict=True))
    names |= dict(zip(brakes["brake"].astype(str), brakes["label_fr"].astype(str), strict=True))
    return names | {
        str(code): f"Levier : {label}"
        for code, label in zip(levers["lever"], levers["label_fr"], strict=True)
    }


def extracts_by_group(
    extracts: pd.DataFrame, group_of: Mapping[str, str], labels: Mapping[str, str]
) -> pd.DataFrame:
    """Printed extracts by group of codes and interviewee: one row per group (`Titre`), one column per interviewee, with zeros.

    Takes `extracts` (`author_code`, `speaker`, one row per extract), the group of each code (a theme, or the code itself) and the
    French label of each group, in their order. Codes without a group are left out.
    """
    own = extracts.assign(group=extracts["author_code"].map(group_of)).dropna(subset=["group"])
    table = pd.crosstab(own["group"], own["speaker"]).reindex(list(labels), fill_value=0)
    return table.rename(index=dict(labels)).rename_axis(index="Titre", columns=None).reset_index()


def brakes_by_theme(extracts: pd.DataFrame, brakes: pd.DataFrame, themes: pd.DataFrame) -> pd.DataFrame:
    """`extracts_by_group` of the brakes, by theme."""
    group_of = dict(zip(brakes["brake"], brakes["theme"], strict=True))
    return extracts_by_group(extracts, group_of, dict(zip(themes["theme"], themes["label_fr"], strict=True)))


def levers_by_code(extracts: pd.DataFrame, levers: pd.DataFrame) -> pd.DataFrame:
    """`extracts_by_group` of the levers, one by one."""
    codes = {str(code): str(code) for code in levers["lever"]}
    return extracts_by_group(extracts, codes, dict(zip(levers["lever"], levers["label_fr"], strict=True)))


def most_first(table: pd.DataFrame) -> pd.DataFrame:
    """Extracts by code or theme (first column) and interview, the row with the most extracts first."""
    totals = table.drop(columns=table.columns[0]).sum(axis=1)
    return table.loc[totals.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def quoted_by_code(present: pd.DataFrame, *, code: str, labels: Mapping[str, str]) -> pd.DataFrame:
    """Interviewees quoted under each code, most quoted first: `code`, `label`, `quoted`, `who`, `interviews` (all of them).

    Takes one row per code and interview with `present` 0 or 1. Ties keep the order of the table.
    """
    found = present[present["present"] == 1].groupby(code, sort=False)["interview"]
    table = pd.DataFrame({"quoted": found.nunique(), "who": found.agg(lambda cells: ", ".join(cells))})
    table = table.reindex(present[code].drop_duplicates())
    table["quoted"] = table["quoted"].fillna(0).astype(int)
    table = table.assign(who=table["who"].fillna(""), interviews=present["interview"].nunique())
    table = table.sort_values("quoted", ascending=False, kind="stable").rename_axis("code").reset_index()
    table.insert(1, "label", table["code"].map(labels))
    return table


def distribution(quoted: pd.DataFrame) -> pd.DataFrame:
    """Number of codes quoted in one, two… up to all interviews: `interviews`, `codes`, zeros included."""
    total = int(quoted["interviews"].iloc[0])
    counts = quoted["quoted"].value_counts().reindex(range(1, total + 1), fill_value=0)
    return counts.rename_axis("interviews").rename("codes").reset_index()


def unanimity(
    statements: pd.DataFrame, codes: pd.DataFrame, extracts: pd.DataFrame, *, sample: int
) -> pd.DataFrame:
    """Interviewees quoted where the prose says all of them: `statement`, `line`, `announced`, `quoted`, `who`, `missing`.

    Takes the statements of forms "unanimite" and "tous_sujet", the headings each one is about (`statement`, `author_code`)
    and the printed extracts. An extract counts under "tous_sujet" only when it bears a topic.
    """
    own = statements[statements["form"].isin(["unanimite", "tous_sujet"])]
    people = sorted(extracts["speaker"].unique())
    rows = []
    for statement, form, line in zip(own["statement"], own["form"], own["line"], strict=True):
        under = set(codes.loc[codes["statement"] == statement, "author_code"])
        heard = extracts[extracts["author_code"].isin(under)]
        if form == "tous_sujet":
            heard = heard[heard["topic"].notna()]
        said = [person for person in people if person in set(heard["speaker"])]
        absent = [person for person in people if person not in said]
        rows.append((statement, line, sample, len(said), ", ".join(said), ", ".join(absent)))
    return pd.DataFrame(rows, columns=["statement", "line", "announced", "quoted", "who", "missing"])


def brakes_without_lever(brakes: pd.DataFrame, levers: pd.DataFrame, themes: pd.DataFrame) -> pd.DataFrame:
    """Themes of brakes, with the numbers of their `brakes` and `levers`, and `status`: with or without a lever."""
    table = themes[["theme", "family", "label_fr"]].copy()
    for name, rows in (("brakes", brakes), ("levers", levers)):
        table[name] = table["theme"].map(rows["theme"].value_counts()).fillna(0).astype(int)
    table["status"] = [WITH_LEVER if count else WITHOUT_LEVER for count in table["levers"]]
    return table


def named_statements(found: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Statements of `unanimity` with a `label`: what each one is about, with its line.

    `labels` gives the French label of each claim `navinel2020.enonces.<statement>`, whose first words are the subject.
    """
    claims = [labels[f"navinel2020.enonces.{item}"] for item in found["statement"]]
    said = [
        f"{claim.partition(' : médecins')[0]} (l.{french.NBSP}{line})"
        for claim, line in zip(claims, found["line"], strict=True)
    ]
    table = found.copy()
    table.insert(1, "label", said)
    table["absent"] = table["announced"] - table["quoted"]
    return table.assign(who=table["who"].replace("", "aucun"), missing=table["missing"].replace("", "aucun"))


def levels(
    brakes_quoted: pd.DataFrame, levers_quoted: pd.DataFrame, brakes: pd.DataFrame, *, order: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Codes × interviews at three levels of analysis ("freins", "thèmes", "leviers"), interviews in the order of their `rank`."""
    sources = list(order.sort_values("rank")["interview"])
    theme_of = dict(zip(brakes["brake"], brakes["theme"], strict=True))
    quoted = brakes_quoted[brakes_quoted["present"] == 1].rename(
        columns={"brake": "code", "interview": "source"}
    )
    levers = levers_quoted[levers_quoted["present"] == 1].rename(
        columns={"lever": "code", "interview": "source"}
    )
    tables = {"freins": quoted, "thèmes": quoted.assign(code=quoted["code"].map(theme_of)), "leviers": levers}
    return {name: presence(rows, sources=sources) for name, rows in tables.items()}


def saturation(grids: Mapping[str, pd.DataFrame], *, confidence: float = 0.95) -> pd.DataFrame:
    """Saturation of each level: codes, new ones in the last two interviews, seen once and twice, Chao2 with interval.

    One row per level: `level`, `codes`, `last_two`, `once`, `twice`, `estimate`, `lower`, `upper`, `note`.
    """
    rows = []
    for name, grid in grids.items():
        held, row = grid.sum(axis=1), chao2(grid, confidence=confidence, indicator=name).iloc[0]
        brought = accumulation_in_order(grid)["numerator"]
        rows.append(
            {
                "level": name,
                "codes": int((held > 0).sum()),
                "last_two": int(brought.iloc[-2:].sum()),
                "once": int((held == 1).sum()),
                "twice": int((held == 2).sum()),
                **{"estimate": row["value"], "lower": row["lower"], "upper": row["upper"]},
                # After the codes seen once and twice, which have their columns.
                "note": " ; ".join(row["note"].split(" ; ")[2:]),
            }
        )
    return pd.DataFrame(rows)


def saturation_long(grids: Mapping[str, pd.DataFrame], *, confidence: float = 0.95) -> pd.DataFrame:
    """Long results behind `saturation`: curves in order, over all orders, and Chao2, level by level."""
    found = [
        tell(grid, indicator=name, **options)
        for name, grid in grids.items()
        for tell, options in (
            (accumulation_in_order, {}),
            (accumulation, {"confidence": confidence}),
            (chao2, {"confidence": confidence}),
        )
    ]
    return pd.concat(found, ignore_index=True)


def saturation_table(table: pd.DataFrame) -> pd.DataFrame:
    """`saturation` as a reader sees it, in French: the estimate, why there is none else; no interval, interviews are chosen."""
    said = [
        french.number(row["estimate"], 1) + ("" if pd.notna(row["lower"]) else f" ({row['note']})")
        for _, row in table.iterrows()
    ]
    return pd.DataFrame(
        {
            "Niveau": table["level"], "Codes vus": table["codes"], "Nouveaux dans les deux derniers": table["last_two"],
            "Vus une fois": table["once"], "Vus deux fois": table["twice"], "Chao2": said,
        }
    )  # fmt: skip


def families(table: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    """`brakes_without_lever` by family, in French: themes, brakes, themes with a lever, themes without."""
    labels = dict(zip(names["family"], names["label_fr"], strict=True))
    rows = [
        {
            "Famille": labels[family], "Thèmes": len(own), "Freins": int(own["brakes"].sum()),
            "Thèmes avec levier": int((own["status"] == WITH_LEVER).sum()),
            "Thèmes sans levier": int((own["status"] == WITHOUT_LEVER).sum()),
        }
        for family, own in table.groupby("family", sort=False)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def without_lever(table: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    """Themes of `brakes_without_lever` that have none, in French: theme, family, number of brakes."""
    absent = table[table["status"] == WITHOUT_LEVER]
    labels = dict(zip(names["family"], names["label_fr"], strict=True))
    return pd.DataFrame(
        {"Thème": absent["label_fr"], "Famille": absent["family"].map(labels), "Freins": absent["brakes"]}
    ).reset_index(drop=True)


def unanimity_sentence(found: pd.DataFrame) -> str:
    """One French sentence: how many statements of unanimity the printed extracts support, and the best supported."""
    if found.empty:
        raise NotComputable("Aucun énoncé d'unanimité dans le document.")
    full = int((found["quoted"] == found["announced"]).sum())
    best = int(found["quoted"].max())
    verb = "dit" if len(found) < 2 else "disent"
    supported = f"en appuient {full}" if full else "n'en appuient aucun"
    return (
        f"{french.plural(len(found), 'énoncé')} de la thèse {verb} « tous » : les extraits imprimés {supported} ; le mieux"
        f" appuyé fait parler {best} médecins sur {int(found['announced'].iloc[0])}."
    )


def unanimity_caption(found: pd.DataFrame) -> str:
    """Title of the figure of `unanimity`: how many statements on « tous » have an extract of everyone."""
    full = int((found["quoted"] == found["announced"]).sum())
    said = "Aucun" if full == 0 else str(full)
    verb = "n'a" if full == 0 else "a" if full == 1 else "ont"
    return f"{said} des {len(found)} énoncés d'unanimité {verb} un extrait de chaque médecin"


def _brought(new: int, verb: str) -> str:
    return (
        f"{verb} {french.plural(new, 'code nouveau', 'codes nouveaux')}"
        if new
        else "n'apportent aucun code nouveau"
    )


def saturation_caption(table: pd.DataFrame, level: str) -> str:
    """Title of the curve of one level: what the last two interviews still bring."""
    row = table.set_index("level").loc[level]
    return f"Les deux derniers entretiens {_brought(row['last_two'], 'apportent encore')} (niveau : {level})"


def without_lever_caption(table: pd.DataFrame) -> str:
    """Title of the figure of families: how many themes have no lever."""
    return f"{int((table['status'] == WITHOUT_LEVER).sum())} thèmes de freins sur {len(table)} n'ont aucun levier imprimé"


def saturation_sentence(table: pd.DataFrame, level: str) -> str:
    """One French sentence on `saturation` at one level: codes new in the last two interviews, and how many may be unseen."""
    row = table.set_index("level").loc[level]
    text = f"Les deux derniers entretiens {_brought(row['last_two'], 'apportent')} sur {row['codes']} (niveau : {level})"
    if pd.isna(row["lower"]):
        return f"{text}."
    return f"{text} ; il y en aurait au moins {french.number(row['estimate'], 0)} (Chao2, comme si les entretiens étaient tirés)."


def without_lever_sentence(table: pd.DataFrame, names: pd.DataFrame) -> str:
    """One French sentence: themes of brakes without any lever, and the families (`family`, `label_fr`) where none has one."""
    absent = table[table["status"] == WITHOUT_LEVER]
    labels = dict(zip(names["family"], names["label_fr"], strict=True))
    empty = [
        f"« {str(labels[family]).lower()} »"
        for family, rows in table.groupby("family", sort=False)
        if (rows["status"] == WITHOUT_LEVER).all()
    ]
    text = f"{len(absent)} thèmes de freins sur {len(table)} n'ont aucun levier"
    return f"{text}, dont tous ceux de la famille {french.listing(empty)}." if empty else f"{text}."
