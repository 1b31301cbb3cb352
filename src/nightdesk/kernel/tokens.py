"""Names nobody can guess, for files and links that must not be found by trying."""

import secrets

#: 128 bits as 26 letters and digits, lower case: safe in file names on every disk.
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


def unguessable(length: int = 26) -> str:
    """A random name of ``length`` characters, five bits each."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
