"""Same inputs, same bytes: whatever the time zone, the language, the hash seed, the number of jobs, the kernels,
the processor or the folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import time

from helpers.pipeline import cache
from tests.pipeline import making

NAMES = ["03", "90"]


def taken(place, out):
    """The reports that this session made with all others, in a folder of their own, where `cpts` finds nothing to make."""
    (out / cache.FOLDER).mkdir(parents=True)
    for name in NAMES:
        for path in (*place.glob(f"{name}_*"), *place.glob(f"{cache.FOLDER}/{name}_*")):
            shutil.copyfile(path, out / path.relative_to(place))
    result = making.cpts("render", *NAMES, "--out", out)
    assert "0\u00a0rapport fait, 2\u00a0inchangés, 0\u00a0échec" in result.output
    return making.tree(out)


def run(out, folder, *arguments, **environment):
    command = [making.CPTS, "render", *NAMES, "--out", out, *arguments]
    result = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return making.tree(out)


def test_two_runs_under_different_settings(tmp_path, reports):
    """The first is that of the session: warm kernels, as many jobs as processors, and the settings of this machine."""
    (tmp_path / "ailleurs").mkdir()
    place, _ = reports
    first = taken(place, tmp_path / "a")
    language = os.environ.get("LC_ALL") or os.environ.get("LANG") or "C"
    second = run(
        tmp_path / "b", tmp_path / "ailleurs", "--jobs", "1", "--cold",
        TZ="UTC" if time.timezone == -19_800 else "Asia/Kolkata", LC_ALL="C.UTF-8" if language == "C" else "C",
        PYTHONHASHSEED="4242", COLUMNS="40", OPENBLAS_CORETYPE="PRESCOTT",
    )  # fmt: skip
    assert sorted(first) == sorted(second)
    assert [name for name in first if first[name] != second[name]] == []
    assert len(first) >= 5
