"""Same inputs, same bytes: whatever the time zone, the language, the hash seed, the number of jobs, the kernels,
the processor or the folder."""

from __future__ import annotations

import os
import subprocess

from tests.pipeline import making

NAMES = ["03", "90"]


def run(out, folder, *arguments, **environment):
    command = [making.CPTS, "render", *NAMES, "--out", out, *arguments]
    result = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return making.tree(out)


def test_two_runs_under_different_settings(tmp_path):
    (tmp_path / "ailleurs").mkdir()
    first = run(tmp_path / "a", tmp_path, "--jobs", "1", TZ="UTC", LC_ALL="C", PYTHONHASHSEED="1")
    second = run(
        tmp_path / "b", tmp_path / "ailleurs", "--jobs", "2", "--cold",
        TZ="Asia/Kolkata", LC_ALL="C.UTF-8", PYTHONHASHSEED="4242", COLUMNS="40", OPENBLAS_CORETYPE="PRESCOTT",
    )  # fmt: skip
    assert sorted(first) == sorted(second)
    assert [name for name in first if first[name] != second[name]] == []
    assert len(first) >= 5
