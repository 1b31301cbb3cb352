"""A person who reads a story, in the place of the voice."""
