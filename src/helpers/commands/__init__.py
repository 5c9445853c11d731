"""The command line `cpts`, one module per family of subcommands."""
