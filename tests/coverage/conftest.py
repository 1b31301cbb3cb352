from tests.takedown.conftest import data  # noqa: F401
