"""Texts of a kit that are no notebook: how to start, on Windows, macOS and Linux, with or without a network."""

from __future__ import annotations

_READ_ME = """Séminaire : refaire les chiffres publiés
=========================================

1. Dézippez ce dossier (ne travaillez pas dans le zip).
2. Lancez « lancer.bat » (Windows), « lancer.command » (macOS) ou « sh lancer.sh » (Linux).
   La première fois, l'installation prend quelques minutes. Sans réseau, posez à côté de ce
   dossier, ou dedans, le dossier « wheelhouse » que le formateur vous donne.
3. Dans la fenêtre qui s'ouvre, commencez par s1_refaire.ipynb. Écrivez votre réponse à la place
   des guillemets vides : densite_e = "12,3". Exécutez : le contrôle dit quoi regarder.

Vos trouvailles de la chasse (s4_chasse.ipynb) vont dans carnets/chasse.csv. À la fin, enregistrez, puis rendez le
dossier « carnets » zippé sous votre pseudonyme. Aucun nom de personne n'est demandé.

Il faut Python 3.11, 3.12 ou 3.13. Certaines cellules de « data » ont été changées exprès :
ne les citez jamais, les vraies données sont dans l'observatoire.
"""
_SHELL = """#!/bin/sh
# Installe une fois dans .venv, puis ouvre les carnets. Sans réseau : dossier wheelhouse ici ou à côté.
cd "$(dirname "$0")" || exit 1
wheels=""
for place in wheelhouse ../wheelhouse; do [ -d "$place" ] && wheels="--no-index --find-links $place" && break; done
if [ ! -f .venv/.pret ]; then
  for python in python3.13 python3.12 python3.11 python3 ""; do
    "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && break
  done
  if [ -n "$python" ] && "$python" -m venv .venv; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check $wheels -r requirements.lock || exit 1
  elif command -v uv >/dev/null; then
    uv venv .venv && uv pip install --python .venv/bin/python $wheels -r requirements.lock || exit 1
  else
    echo "Installez Python 3.11, 3.12 ou 3.13 (python.org/downloads)." >&2; exit 1
  fi
  touch .venv/.pret
fi
export PYTHONPATH="$PWD/src"
exec .venv/bin/python -m jupyterlab carnets
"""
# No block in parentheses: cmd.exe expands the variables of a block before it runs it. Never run by us: read against its manual.
_WINDOWS = """@echo off
rem Installe une fois dans .venv, puis ouvre les carnets. Sans reseau : dossier wheelhouse ici ou a cote.
cd /d "%~dp0"
set "WHEELS="
if exist ..\\wheelhouse\\ set "WHEELS=--no-index --find-links ..\\wheelhouse"
if exist wheelhouse\\ set "WHEELS=--no-index --find-links wheelhouse"
if exist .venv\\pret.txt goto ouvrir
for %%v in (3.13 3.12 3.11) do if not exist .venv\\Scripts\\python.exe py -%%v -m venv .venv 2>nul
if exist .venv\\Scripts\\python.exe goto installer
python -c "import sys; sys.exit(sys.version_info[:2] not in [(3, 11), (3, 12), (3, 13)])" 2>nul && python -m venv .venv
if exist .venv\\Scripts\\python.exe goto installer
uv venv .venv 2>nul || goto absent
uv pip install --python .venv\\Scripts\\python.exe %WHEELS% -r requirements.lock || goto echec
goto pret
:installer
.venv\\Scripts\\python -m pip install --quiet --disable-pip-version-check %WHEELS% -r requirements.lock || goto echec
:pret
echo pret> .venv\\pret.txt
:ouvrir
set "PYTHONPATH=%CD%\\src"
.venv\\Scripts\\python -m jupyterlab carnets || pause
exit /b
:absent
echo Installez Python 3.11, 3.12 ou 3.13 : python.org/downloads
pause
exit /b 1
:echec
echo Installation interrompue : reseau ou dossier wheelhouse absent. Relancez.
pause
exit /b 1
"""
FILES = {
    "LISEZMOI.txt": _READ_ME,
    "lancer.sh": _SHELL,
    "lancer.command": _SHELL,
    "lancer.bat": _WINDOWS.replace("\n", "\r\n"),
}
TEACHER = """Pour le formateur, en quinze minutes
====================================

1. Lisez guide.html : le plan minuté, les réponses, les indices que lisent les étudiants.
2. Donnez à chaque binôme son zip (dossier etudiants). Sans réseau dans la salle, lancez la veille
   « cpts seminar wheelhouse wheelhouse » et copiez ce dossier avec chaque zip.
3. Pendant la séance, ouvrez corrections/*.html ; après, donnez apres/*.ipynb.
4. Rassemblez les dossiers rendus dans rendus/PSEUDONYME (ou PSEUDONYME.zip), puis lancez
   « cpts seminar collect » et « cpts seminar score » sur le dossier de la classe.

La liste des noms reste chez vous : rien ici ne la demande. Les plans de plantation (plans/*.csv)
disent quelles cellules ont été changées, pseudonyme par pseudonyme.
Les textes, les minutes et l'ordre se changent dans data/seminar/*.csv.
"""
