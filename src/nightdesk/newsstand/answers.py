"""What the newsstand says by itself, when there is no page to hand out.

The pages need nothing else to be shown: no script, no picture, one style sheet inside them that
the content security policy names by its hash.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re

from nightdesk.newsstand.reply import Reply
from nightdesk.newsstand.security import policy

_STYLE = """
:root{color-scheme:light dark}
body{margin:0;min-block-size:100vh;display:grid;place-items:center;font:1.125rem/1.5 Georgia,serif;
background:#fbfaf7;color:#1b1b1a}
main{max-inline-size:34rem;padding:2rem 1.25rem;border-block-start:.25rem solid currentColor}
p{margin:0 0 1rem}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 1rem}
.name{font-variant:small-caps;letter-spacing:.04em}
a{color:inherit}
@media (prefers-color-scheme:dark){body{background:#161615;color:#ecebe6}}
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = policy(
    {
        "default-src": "'none'",
        "style-src": f"'sha256-{_STYLE_HASH}'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
)

#: language → (headline, what it means and what to do, label of the link)
_CLOSED = {
    "en": (
        "This page cannot be shown right now",
        "The newsroom's system is starting again or very busy. Nothing is lost. "
        "Please try again in a minute.",
        "Try again",
    ),
    "uk": (
        "Зараз цю сторінку не можна показати",
        "Система редакції перезапускається або дуже завантажена. Нічого не втрачено. "
        "Спробуйте ще раз за хвилину.",
        "Спробувати ще раз",
    ),
}
#: language → (what was there is gone for good or for now, and somebody has decided so)
_WITHDRAWN = {
    "en": "This page has been taken down.",
    "uk": "Цю сторінку знято з публікації.",
}
#: What a reader may be told of a form that is fine, in languages other than English.
_IN_OTHER_WORDS = {
    "uk": {
        "Too many attempts. Please try again in a few minutes.": (
            "Забагато спроб. Спробуйте ще раз за кілька хвилин."
        ),
        "Please wait a little": "Зачекайте трохи",
    }
}
_REFUSED = {400: "Bad request", 405: "Not done here", 408: "Too slow", 413: "Too large"} | {
    411: "Length unknown",
    414: "Address too long",
    421: "Another site",
    429: "Please wait a little",
    431: "Headers too long",
    503: "Not possible right now",
}


class Answers:
    """Speaks for the newsroom called ``name``; ``languages``: its own, the main one first;
    ``certificate_ends``: when, as ISO 8601, for ``/healthz``."""

    def __init__(
        self, name: str, languages: tuple[str, ...] = ("en",), certificate_ends: str = ""
    ) -> None:
        self._name = name
        self._certificate_ends = certificate_ends
        self._languages = languages

    def closed(self, path: str, accept: str, seconds: int = 5) -> Reply:
        """503: the site is not there. ``seconds``: when trying again is worth it."""
        language = self.language(path)
        headline, sentence, label = _CLOSED[language]
        retry = ("retry-after", str(seconds))
        if wants_json(accept):
            return _json(503, {"error": headline, "what_to_do": sentence}, [retry])
        return self._page(503, language, headline, sentence, [retry], label)

    def withdrawn(self, path: str, sentence: str = "") -> Reply:
        """410: taken down by the newsroom, which may say why in a ``sentence`` of its own."""
        language = self.language(path)
        headers = [("x-robots-tag", "noindex")]
        return self._page(410, language, _WITHDRAWN[language], sentence, headers)

    def refused(
        self,
        status: int,
        sentence: str,
        accept: str,
        retry: int = 0,
        path: str = "",
        more: dict[str, str] | None = None,
    ) -> Reply:
        """Whatever is wrong with the request itself, in one sentence; in the language of ``path``
        where we know it. ``more``: what a script can do about it."""
        language = self.language(path)
        known = _IN_OTHER_WORDS.get(language, {})
        language = language if sentence in known else "en"
        headline = _REFUSED.get(status, "Bad request")
        headline = known.get(headline, headline) if sentence in known else headline
        sentence = known.get(sentence, sentence)
        retry = retry or 60 * (status == 503)
        headers = [("retry-after", str(retry))] if retry else []
        if status == 405:
            headers.append(("allow", "GET, HEAD, POST"))
        if wants_json(accept):
            return _json(status, {"error": sentence, **(more or {})}, headers)
        return self._page(status, language, headline, sentence, headers)

    def health(
        self, since: str, site: dict[str, object], shelf: dict[str, object] | None = None
    ) -> Reply:
        """``/healthz``: always 200, because whoever reads it has reached the newsstand."""
        told: dict[str, object] = {"newsstand": {"up": True, "since": since}, "site": site}
        if self._certificate_ends:
            told["certificate"] = {"ends": self._certificate_ends}
        return _json(200, told | ({"shelf": shelf} if shelf else {}), [])

    def language(self, path: str) -> str:
        """In which of our languages we answer there."""
        first = path.lstrip("/").partition("/")[0]
        for code in (first if first in self._languages else "", *self._languages, "en"):
            if code in _CLOSED:
                return code
        return "en"

    def _page(
        self,
        status: int,
        language: str,
        headline: str,
        sentence: str,
        headers: list[tuple[str, str]],
        again: str = "",
    ) -> Reply:
        words = f"<p>{html.escape(sentence)}</p>" if sentence else ""
        link = f'<p><a href="">{html.escape(again)}</a></p>' if again else ""
        page = (
            f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            '<meta name="robots" content="noindex">'
            f"<title>{html.escape(headline)} · {html.escape(self._name)}</title>"
            f"<style>{_STYLE}</style></head><body><main>"
            f'<p class="name">{html.escape(self._name)}</p><h1>{html.escape(headline)}</h1>'
            f"{words}{link}</main></body></html>"
        )
        return Reply(
            status,
            [
                ("content-type", "text/html; charset=utf-8"),
                ("content-security-policy", _POLICY),
                ("cache-control", "no-store"),
                *headers,
            ],
            page.encode(),
        )


def _json(status: int, what: dict[str, object], headers: list[tuple[str, str]]) -> Reply:
    body = json.dumps(what, ensure_ascii=False).encode() + b"\n"
    kind = ("content-type", "application/json; charset=utf-8")
    return Reply(status, [kind, ("cache-control", "no-store"), *headers], body)


def wants_json(accept: str) -> bool:
    """Whether a program asks, not a person."""
    return bool(re.search(r"\bapplication/(?:[a-z.+-]+\+)?json\b", accept)) and (
        "text/html" not in accept
    )
