"""Do the départements that started lowest catch up? What they would have gained anyway, and a test that looks at neighbours.

The lowest of a first date gain by themselves (regression to the mean), and neighbouring départements resemble each other: a test
that takes them as independent is then too sure of itself, and concludes nothing.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import statsmodels.api as sm

from helpers import catalog, french
from helpers.errors import NotComputable
from helpers.methods import comparison, spatial
from helpers.territory.coverage import catch_up

RISK = 0.05


def neighbours() -> dict[str, list[str]]:
    """Départements that touch each département: those of two communes that touch. Islands are not there."""
    communes = catalog.load("open/communes", catalog.DEFAULT_FOLDER).set_index("code")["department"]
    pairs = catalog.load("open/neighbours", catalog.DEFAULT_FOLDER)
    sides = pd.DataFrame({"one": pairs["commune"].map(communes), "other": pairs["neighbour"].map(communes)})
    sides = sides.dropna().loc[lambda both: both["one"] != both["other"]]
    both = pd.concat([sides, sides.rename(columns={"one": "other", "other": "one"})]).drop_duplicates()
    return {str(code): sorted(rows) for code, rows in both.groupby("one")["other"]}


def by_themselves(table: pd.DataFrame) -> str:
    """What the lowest quarter of a panel of `coverage.panel` gained, and what regression to the mean alone would have given it.

    Empty for a single date.
    """
    ends = _ends(table)
    if ends.empty:
        return ""
    worst = int(catch_up(table)["n"].iloc[0])
    row = comparison.coming_back(ends["first"], ends["last"], worst=worst, highest=False).iloc[0]
    return (
        f"Les {worst} départements les moins couverts au départ gagnent {french.number(row['value'], 1)} points ; le seul "
        f"retour vers la moyenne leur en donnerait {french.number(row['expected'], 1)} (corrélation des deux dates : "
        f"{french.number(row['correlation'], 2)}). Suivre les plus mal placés fait voir un progrès sans que rien n'ait été fait."
    )


def tested(table: pd.DataFrame) -> pd.DataFrame:
    """Does the part of the gap to 100 % that was closed depend on the level of the start? One row, residuals looked at.

    Takes a panel of `coverage.panel`. Least squares over the départements below 100 % at the start: `value` (points of closed
    gap for ten points of start), `p_value` (Student, independent départements), `moran` and `moran_p` of its residuals
    (`spatial.moran`), `alike` (neighbours resemble each other: the p is too small). Raises NotComputable for fewer than twenty
    départements with a neighbour.
    """
    ends = _ends(table).loc[lambda both: both["first"] < 100]
    closed = 100 * (ends["last"] - ends["first"]) / (100 - ends["first"])
    design = sm.add_constant(ends["first"].to_numpy() / 10)
    fit = sm.OLS(closed.to_numpy(), design).fit()
    near = spatial.moran(closed, list(ends.index), neighbours(), design=design).iloc[0]
    return pd.DataFrame(
        [
            {
                "value": float(fit.params[1]), "p_value": float(fit.pvalues[1]), "moran": float(near["value"]),
                "moran_p": float(near["p_value"]), "departments": len(ends),
                "alike": bool(near["p_value"] < RISK and near["value"] > near["expected"]),
            }
        ]
    )  # fmt: skip


def sentence(table: pd.DataFrame) -> str:
    """What `tested` allows to say, and no more; empty for a single date or too few départements."""
    if _ends(table).empty:
        return ""
    try:
        row = tested(table).iloc[0]
    except NotComputable:
        return ""
    found = (
        f"part de l'écart comblée selon le niveau de départ : {french.signed(row['value'], 1)} points pour dix points de plus au "
        f"départ, {_probability(row['p_value'])} si les {row['departments']} départements étaient indépendants"
    )
    near = f"I de Moran des résidus {french.number(row['moran'], 2)}, {_probability(row['moran_p'])}"
    if row["alike"]:
        return (
            f"Ce test ne conclut pas ({found}) : les voisins se ressemblent ({near}), il est trop sûr de lui."
        )
    said = "dépend du" if row["p_value"] < RISK else "ne dépend pas visiblement du"
    return f"La part de l'écart comblée {said} niveau de départ ({found} ; voisins pas plus semblables que par hasard, {near})."


def _ends(table: pd.DataFrame) -> pd.DataFrame:
    """First and last value of each département that has both; empty for a single date."""
    wide = table.pivot(index="code", columns="date", values="value")
    if wide.shape[1] < 2:
        return pd.DataFrame(columns=["first", "last"])
    return pd.DataFrame({"first": wide.iloc[:, 0], "last": wide.iloc[:, -1]}).dropna()


def _probability(value: float) -> str:
    return "p < 0,001" if value < 0.001 else f"p = {french.number(float(np.round(value, 3)), 3)}"
