"""How names are said: what editors type, what a voice gets of it, where it stands in a text."""
