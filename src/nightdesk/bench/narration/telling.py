"""The editor's part, in a process with Django: what `bench/serving/editor.py` is told to do with
stories that are read aloud."""

from __future__ import annotations

import time
from html import escape
from typing import Any


def tell(headline: str, text: str) -> dict[str, Any]:
    """Publish a new story; where it is, and epochs before and after the commit."""
    from django.db import transaction
    from wagtail.models import Locale

    from nightdesk.stories.models import SectionPage, StoryPage

    section = SectionPage.objects.live().filter(locale=Locale.get_default()).order_by("pk").first()
    story = StoryPage(title=headline, body=_blocks(text), locale=section.locale, live=False)
    section.add_child(instance=story)
    began = time.time()
    with transaction.atomic():
        story.save_revision().publish()
    committed = time.time()
    story.refresh_from_db()
    return {"page": story.pk, "path": story.get_url(), "began": began, "committed": committed}


def reword(page: int, text: str) -> dict[str, Any]:
    """Publish it with another text."""
    from django.db import transaction

    from nightdesk.stories.models import StoryPage

    began = time.time()
    with transaction.atomic():
        story = StoryPage.objects.get(pk=page).get_latest_revision_as_object()
        story.body = _blocks(text)
        story.save_revision().publish()
    return {"began": began, "committed": time.time()}


def read_again(page: int) -> dict[str, Any]:
    """As “Read again” in the admin does, with nothing of it spoken before."""
    from nightdesk.narration import flow
    from nightdesk.stories.models import StoryPage

    forget()
    flow.want(StoryPage.objects.get(pk=page), again=True)
    return {}


def forget() -> dict[str, Any]:
    """Nothing was spoken before."""
    import shutil

    from nightdesk.narration import flow

    shutil.rmtree(flow.workshop() / "sentences", ignore_errors=True)
    return {}


def let_pass(page: int, seconds: float) -> dict[str, Any]:
    """As if the story had been saved so much earlier."""
    import datetime

    from nightdesk.narration.models import Narration

    row = Narration.objects.get(story=page)
    row.wanted_at -= datetime.timedelta(seconds=seconds)
    row.save(update_fields=["wanted_at"])
    return {}


def how_it_stands(page: int) -> dict[str, Any]:
    from nightdesk.narration.models import Narration

    row = Narration.objects.filter(story=page).first()
    return {"state": row.state if row else "", "because": row.because if row else ""}


def _blocks(text: str) -> list[tuple[str, str]]:
    paragraphs = "".join(f"<p>{escape(part, quote=False)}</p>" for part in text.split("\n\n"))
    return [("text", paragraphs)]
