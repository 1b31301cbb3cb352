"""Somebody who publishes: a process of its own with Django, told what to do line by line.

`Editor` is the measuring side; ``python -m nightdesk.bench.serving.editor`` the other. Each line is
a JSON object with ``do`` and what it needs; each answer one JSON line.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nightdesk.bench.serving.newsroom import environment
from nightdesk.bench.serving.processes import start, stop


class Editor:
    """``do("publish", page=7, headline="…")`` → the answer's object. Raises ``RuntimeError``."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def do(self, verb: str, /, **given: Any) -> dict[str, Any]:
        line = json.dumps({"do": verb, **given}, ensure_ascii=False)
        self._process.stdin.write(line.encode() + b"\n")
        self._process.stdin.flush()
        said = self._process.stdout.readline()
        if not said:
            raise RuntimeError(f"The editor's process ended over {verb!r}.")
        return json.loads(said)


@contextlib.contextmanager
def editor(data: Path, core: int | None = None) -> Iterator[Editor]:
    """Somebody at work in the newsroom of this data folder."""
    process = start(
        [sys.executable, "-m", "nightdesk.bench.serving.editor"],
        core,
        env=environment(data) | {"DJANGO_SETTINGS_MODULE": "nightdesk.settings.site"},
        log=None,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        one = Editor(process)
        one.do("begin")
        yield one
    finally:
        process.stdin.close()
        stop(process)


# The other side.


def _begin() -> dict[str, Any]:
    return {}


def _stories() -> dict[str, Any]:
    """Live stories, the newest first: [id, path]."""
    from nightdesk.stories.models import StoryPage

    live = StoryPage.objects.live().order_by("-first_published_at", "-pk")
    return {"stories": [[story.pk, story.get_url()] for story in live[:200]]}


def _more(until: int) -> dict[str, Any]:
    """Copies of stories of the main edition, until there are so many; {"stories": how many}."""
    from django.db import transaction
    from wagtail.models import Locale

    from nightdesk.stories.models import StoryPage

    live = StoryPage.objects.live().filter(locale=Locale.get_default())
    have = list(live.order_by("pk"))
    for number in range(until - len(have)):
        like = have[number % len(have)]
        with transaction.atomic():
            changed = {"slug": f"{like.slug}-again-{number}", "title": f"{like.title} ({number})"}
            like.copy(update_attrs=changed | {"source_key": None}, keep_live=True)
    return {"stories": live.count()}


def _publish(page: int, headline: str) -> dict[str, Any]:
    """Change a headline and publish, as the admin does; epochs before and after the commit."""
    from django.db import transaction

    from nightdesk.stories.models import StoryPage

    began = time.time()
    with transaction.atomic():
        story = StoryPage.objects.get(pk=page).get_latest_revision_as_object()
        story.title = headline
        story.save_revision().publish()
    return {"began": began, "committed": time.time()}


def _brief(text: str) -> dict[str, Any]:
    from django.db import transaction
    from django.utils import timezone
    from wagtail.models import Locale

    from nightdesk.briefs.models import Brief

    began = time.time()
    with transaction.atomic():
        brief = Brief(
            text=text, locale=Locale.get_default(), published_at=timezone.now(), live=False
        )
        brief.save()
        brief.save_revision().publish()
    return {"began": began, "committed": time.time(), "path": brief.get_absolute_url()}


def _take_down(path: str) -> dict[str, Any]:
    """For good, as the button does."""
    from nightdesk.takedown import kinds
    from nightdesk.takedown.actions import take_down

    found = kinds.find(path)
    if found is None:
        raise LookupError(path)
    began = time.time()
    take_down(*found, reason="measured")
    return {"began": began, "committed": time.time()}


def _archive(stories: int) -> dict[str, Any]:
    from nightdesk.bench.serving.archive import grow

    return grow(stories)


def _print() -> dict[str, Any]:
    """Print all that waits, in this process."""
    from nightdesk.bench.serving.pressing import print_all

    return print_all()


def _measured(what: str, **given: Any) -> dict[str, Any]:
    from nightdesk.bench.serving.pressing import measured

    return measured(lambda: _VERBS[what](**given))


def _aloud(what: str, **given: Any) -> dict[str, Any]:
    from nightdesk.bench.narration import telling

    return getattr(telling, what)(**given)


_VERBS = {
    "begin": _begin,
    "stories": _stories,
    "more": _more,
    "publish": _publish,
    "brief": _brief,
    "take down": _take_down,
    "archive": _archive,
    "print": _print,
    "measured": _measured,
    "aloud": _aloud,
}


def _work() -> None:
    import django

    django.setup()
    for line in sys.stdin:
        given = json.loads(line)
        print(json.dumps(_VERBS[given.pop("do")](**given), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    _work()
