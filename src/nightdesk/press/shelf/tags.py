"""Names under which a CDN keeps an answer, so that one purge reaches everything it is made from.

The newsstand puts them on answers, the press names the same ones when it purges. They are hashes:
short, and a reader who sees one learns nothing about what is inside.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

#: Everything that is purged together after a release or a change of the newsroom's name.
EVERYTHING = "all"
#: CloudFront allows 50, Cloudflare 16 KB of header; beyond this an answer is cached briefly.
MOST = 40


def tag(name: str) -> str:
    """12 hexadecimal digits: two of 100,000 pages share one by chance in 1 of 56,000 newsrooms,
    and then one of them is fetched once too often."""
    return hashlib.blake2b(name.encode(), digest_size=6).hexdigest()


def own(path: str) -> str:
    """The tag of whatever is answered at a path, under any query string: ``/uk/місто/міст/``."""
    return tag(f"path:{path}")


def section(path: str, languages: Iterable[str] = ()) -> str:
    """The tag of everything below the first name of a path; the home page is its own section.

    ``languages``: codes whose editions have addresses of their own, such as ``/uk/…``.
    """
    parts = path.split("/")
    if len(parts) > 2 and parts[1] in languages:
        return tag(f"section:/{parts[1]}/{parts[2]}")
    return tag(f"section:/{parts[1]}" if len(parts) > 1 else "section:/")


def fragment(slot: str) -> str:
    """The tag of every page that shows a fragment: ``fragment:news-feed:en``."""
    return tag(slot)


def of_answer(path: str, slots: Iterable[str] = (), languages: Iterable[str] = ()) -> list[str]:
    """Every tag of an answer, its own first, then its section's, "all", its fragments'."""
    named = [own(path), section(path, languages), tag(EVERYTHING), *map(fragment, slots)]
    return list(dict.fromkeys(named))
