"""Every page carries the security headers, and the site's own word comes first."""

from __future__ import annotations

from urllib.parse import urlsplit

from nightdesk.stories.embeds import embed_for


def directives(answer) -> dict[str, str]:
    held = answer["content-security-policy"].split("; ")
    return dict(part.split(" ", 1) for part in held)


def test_a_reader_page_can_load_nothing_from_anywhere_else(newsstand):
    answer = newsstand.get("/news/a-story/")
    held = directives(answer)
    assert held.pop("frame-src").startswith("https://")
    assert held == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "media-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert answer["x-content-type-options"] == "nosniff"
    assert answer["referrer-policy"] == "strict-origin-when-cross-origin"
    assert answer["cross-origin-opener-policy"] == "same-origin"
    assert answer["cross-origin-resource-policy"] == "same-site"
    assert "geolocation=()" in answer["permissions-policy"]


def test_a_player_that_stories_can_embed_is_one_that_readers_may_load(newsstand):
    allowed = directives(newsstand.get("/news/"))["frame-src"].split()
    for link in (
        "https://www.youtube.com/watch?v=abcdefghijk",
        "https://vimeo.com/123456",
        "https://datawrapper.dwcdn.net/AbCdE/1/",
    ):
        frame = urlsplit(embed_for(link).frame)
        assert f"{frame.scheme}://{frame.netloc}" in allowed


def test_the_admin_runs_nothing_from_elsewhere_and_nothing_from_attributes(newsstand):
    held = directives(newsstand.get("/admin/"))
    assert held["script-src"] == "'self' 'unsafe-inline'"
    assert held["script-src-attr"] == "'none'"
    assert held["default-src"] == "'none'"
    assert held["frame-ancestors"] == "'self'"
    # A sentence that an editor tries is heard without being kept anywhere.
    assert held["media-src"] == "'self' blob:"


def test_a_policy_that_the_site_set_itself_is_kept(newsstand):
    assert newsstand.get("/strict").all("content-security-policy") == ["default-src 'self'"]


def test_error_pages_of_our_own_carry_them_too(newsstand):
    for target in ("/a%00b", "/cut"):
        answer = newsstand.get(target)
        assert answer["x-content-type-options"] == "nosniff"
        assert answer["content-security-policy"].startswith("default-src 'none'")


def test_nobody_learns_the_versions_of_what_we_run(newsstand):
    answer = newsstand.get("/news/")
    assert answer["server"] == "Nightdesk"
    assert answer["via"] is answer["x-powered-by"] is None
