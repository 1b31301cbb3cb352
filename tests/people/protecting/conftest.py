from tests.takedown.conftest import data, press, reader  # noqa: F401
