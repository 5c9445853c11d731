"""The manifest and the index keep every report of the folder, from one run to the next; a changed trace is not believed."""

from __future__ import annotations

import json

from helpers.pipeline import batch, cache, plan, summary
from tests.pipeline import making


def run(place, *slugs):
    outcomes = batch.render(plan.reports(list(slugs), {}, folder=place / "n"), place / "out")
    summary.write(place / "out", outcomes, whole=False, folder=place / "n")
    return {outcome.report.name: outcome for outcome in outcomes}


def manifest(place):
    return json.loads((place / "out" / "manifest.json").read_text(encoding="utf-8"))


def test_the_reports_of_earlier_runs_stay_as_long_as_their_file(tmp_path):
    for slug in ("91_un", "92_deux"):
        making.notebook(tmp_path / "n", "1", slug=slug)
    run(tmp_path, "91_un", "92_deux")
    both = manifest(tmp_path)
    run(tmp_path, "92_deux")
    found = manifest(tmp_path)
    assert set(found["reports"]) == {"91_un", "92_deux"}
    assert found["reports"]["91_un"]["made"]["written"] == both["written"]
    assert found["reports"]["91_un"]["inputs"] in found["sets"]
    (tmp_path / "out" / "91_un.html").unlink()
    run(tmp_path, "92_deux")
    assert set(manifest(tmp_path)["reports"]) == {"92_deux"}


def test_a_failure_of_an_earlier_run_stays_in_the_index(tmp_path):
    making.notebook(tmp_path / "n", "1 / 0", slug="91_un")
    making.notebook(tmp_path / "n", "1", slug="92_deux")
    error = run(tmp_path, "91_un")["91_un"].error
    run(tmp_path, "92_deux")
    assert manifest(tmp_path)["reports"]["91_un"]["error"] == error
    assert "ZeroDivisionError" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


def test_a_changed_record_makes_the_report_again(tmp_path):
    making.notebook(tmp_path / "n", "1", slug="91_un")
    run(tmp_path, "91_un")
    path = tmp_path / "out" / cache.FOLDER / "91_un.json"
    whole = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(
        json.dumps(whole | {"records": [{"claim_id": "x", "verdict": "reproduit"}]}), encoding="utf-8"
    )
    assert cache.load(tmp_path / "out", "91_un") is None
    assert run(tmp_path, "91_un")["91_un"].reasons
    assert json.loads(path.read_text(encoding="utf-8"))["records"] == []
    assert run(tmp_path, "91_un")["91_un"].reasons == []


def test_a_run_in_which_nothing_changed_leaves_the_index_and_the_manifest(tmp_path):
    for slug in ("91_un", "92_deux"):
        making.notebook(tmp_path / "n", "1", slug=slug)
    for _ in range(2):  # the second run says that nothing was made again
        run(tmp_path, "91_un", "92_deux")
    files = [tmp_path / "out" / name for name in ("index.html", "manifest.json")]

    def written():
        before = [path.stat().st_ino for path in files]
        run(tmp_path, "91_un", "92_deux")
        return [path.stat().st_ino for path in files] != before

    assert not written()
    content = files[0].read_bytes()
    files[0].write_bytes(b"autre chose")
    assert [written(), written()] == [True, False]
    assert files[0].read_bytes() == content
    # A notebook that the runs do not ask for is one more on the index.
    making.notebook(tmp_path / "n", "1", slug="93_trois")
    assert [written(), written()] == [True, False]
    (tmp_path / "out" / cache.FOLDER / "sommaire.json").write_text("{", encoding="utf-8")
    assert [written(), written()] == [True, False]


def test_each_report_of_a_large_batch_is_listed_by_its_title(tmp_path, monkeypatch):
    monkeypatch.setattr(summary, "MOST_TOLD", 1)
    cell = "from helpers.page import display\ndisplay.subject(f'Territoire {code}')"
    making.notebook(tmp_path / "n", cell, slug="91_un", parameters='code = ""  # Code')
    (tmp_path / "liste.yml").write_text(
        "reports:\n- {notebook: 91_un, parameters: {code: A}}\n- {notebook: 91_un, parameters: {code: B}}\n",
        encoding="utf-8",
    )
    # The second run makes one report of two: the index knows the other by what was kept of it.
    for rank in (slice(0, 2), slice(1, 2)):
        made = plan.from_list(tmp_path / "liste.yml", folder=tmp_path / "n")[rank]
        outcomes = batch.render(made, tmp_path / "out")
        summary.write(tmp_path / "out", outcomes, whole=False, folder=tmp_path / "n")
        page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
        assert ">91_un--" not in page
        assert all(f"91_un : Territoire {code}" in page.replace("\u00a0", " ") for code in "AB")
