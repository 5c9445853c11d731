"""Installe l'environnement du projet dans `.venv` et le dit : `python3 tools/install.py` (Windows : `py -3.12 tools/install.py`).

Written for any Python 3, so that one that is too old is refused in French instead of failing on a line of syntax.
"""
# ruff: noqa: UP031

import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OLDEST, NEWEST = (3, 11), (3, 13)


def refusal(version):
    """French sentence that refuses this version of Python; empty when it will do."""
    if OLDEST <= tuple(version[:2]) <= NEWEST:
        return ""
    return (
        "Python %d.%d ne convient pas : installez Python 3.11, 3.12 ou 3.13 (python.org/downloads), puis dites lequel "
        "prendre, par exemple « make PYTHON=python3.12 reports » (Windows : « py -3.12 tools/install.py »)."
        % tuple(version[:2])
    )


def pins(lock):
    """Number of libraries that the lock asks for, other versions for another Python counted once."""
    with open(lock, encoding="utf-8") as file:
        return len(set(re.findall(r"^([A-Za-z0-9_.-]+)==", file.read(), re.MULTILINE)))


def told(lines, total, write):
    """Say how far pip is, one line of progress every twenty libraries; returns its last lines."""
    last, seen = [], 0
    for line in lines:
        last = [*last[-14:], line.rstrip()]
        if line.startswith(("Collecting ", "Processing ")):
            seen += 1
            if seen % 20 == 0:
                write("  %d bibliothèques sur %d environ…\n" % (seen, total))
        elif line.startswith("Installing collected"):
            write("  Tout est téléchargé ; installation en cours (encore une minute environ)…\n")
    return last


def pip(python, arguments, total):
    """Run pip with its progress said in French; leave with its last lines when it fails."""
    command = [python, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"]
    running = subprocess.Popen(
        command + arguments,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
    )
    last = told(running.stdout, total, say)
    if running.wait() != 0:
        sys.exit("\n".join(["L'installation a échoué. pip dit :", *last]))


def say(text):
    """Write at once, so that nobody thinks that nothing happens."""
    sys.stdout.write(text)
    sys.stdout.flush()


def main():
    """Create `.venv`, install the lock, then the project."""
    wrong = refusal(sys.version_info)
    if wrong:
        sys.exit(wrong)
    lock = os.path.join(ROOT, "requirements.lock")
    total = pins(lock)
    say("Installation dans .venv : %d bibliothèques, 1,3 Go, quelques minutes la première fois.\n" % total)
    subprocess.check_call([sys.executable, "-m", "venv", "--clear", os.path.join(ROOT, ".venv")])
    folder = "Scripts" if os.name == "nt" else "bin"
    python = os.path.join(ROOT, ".venv", folder, "python")
    pip(python, ["--require-hashes", "-r", lock], total)
    pip(python, ["--no-deps", "--no-build-isolation", "-e", ROOT], 1)
    say("Installé.\n")


if __name__ == "__main__":
    main()
