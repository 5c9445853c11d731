"""The program `cpts`, also `python -m helpers` where it is not on the path."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line. An interruption while its modules are still being read ends it in one sentence too."""
    try:
        from helpers.commands.main import main as program
    except KeyboardInterrupt:
        sys.stderr.write("cpts : interrompu.\n")
        sys.exit(130)
    program(prog_name="cpts")


if __name__ == "__main__":
    main()
