"""What Django writes about a request names its place, not the page."""

from __future__ import annotations

import logging

import pytest

from nightdesk.kernel.private_log import ShortPaths, place


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/", "/"),
        ("/news/", "/news/"),
        ("/news/a-story/", "/news/…"),
        ("/search/?q=how+to+leak", "/search/"),
        ("//evil.example/x", "/evil.example/…"),
        ("/" + "a" * 500, "/" + "a" * 40),
    ],
)
def test_a_path_is_named_by_its_first_name(path, said):
    assert place(path) == said


def test_an_error_of_the_site_is_logged_without_the_page(client, settings, db):
    """Through Django's own handler: its line, as our log writes it."""
    client.raise_request_exception = False
    lines: list[str] = []
    handler = logging.Handler()
    handler.addFilter(ShortPaths())
    handler.emit = lambda record: lines.append(record.getMessage())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    settings.ROOT_URLCONF = "tests.kernel.breaking_urls"
    try:
        assert client.get("/confirm/secret-token/?mail=olena@example.org").status_code == 500
    finally:
        logger.removeHandler(handler)
    assert lines == ["Internal Server Error: /confirm/…"]
