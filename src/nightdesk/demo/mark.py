"""How what the demo made is told from what the newsroom wrote."""

import uuid

#: Every demo story's `source_key` begins so.
MARK = "demo:"

_SPACE = uuid.UUID("6f0d6d1c-8f0e-5d0b-9a50-2d1f6f0e9b11")


def identity(kind: str, name: str) -> uuid.UUID:
    """The fixed translation key of a thing of the demo, the same in every edition and each time."""
    return uuid.uuid5(_SPACE, f"{kind.lower()}:{name}")
