"""`python -m helpers`: the command `cpts`, where its program is not on the path."""

from helpers.commands.main import main

if __name__ == "__main__":
    main(prog_name="cpts")
