from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from . import worlds


@pytest.fixture(params=["varnish", *worlds.STAND_INS])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[worlds.World]:
    """A cache before an origin, once for each that we can tell."""
    if request.param == "varnish":
        yield from worlds.varnish(tmp_path)
    else:
        yield from worlds.stand_in(*worlds.STAND_INS[request.param], tmp_path)


@pytest.fixture(params=list(worlds.STAND_INS))
def wrong_token(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[worlds.World]:
    yield from worlds.stand_in(*worlds.STAND_INS[request.param], tmp_path, "wr0ng-token")
