"""One module per outside format that the questionnaire is written in, each read back by a module of `readers`."""
