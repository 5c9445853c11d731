#!/bin/sh
# Rewrites requirements.lock: every version and hash, for Python 3.11 to 3.13 on Linux, macOS and Windows, no index address.
set -eu
cd "$(dirname "$0")/.."
python3 -m uv --version >/dev/null 2>&1 || { echo "Récrire le verrou demande uv : python3 -m pip install uv" >&2; exit 2; }
python3 -m uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-header --no-annotate --quiet -o requirements.lock
