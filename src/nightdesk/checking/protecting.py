"""Where a name can stand in drafts that are out with somebody for checking: in the copy that whoever
has the link reads."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nightdesk.checking.models import CheckLink
from nightdesk.people.protecting.bylines import sign_in_draft
from nightdesk.people.protecting.registry import Desks, Signing, Words, register


def _signed(ids: Iterable[int]) -> list[CheckLink]:
    wanted = set(ids)
    return [
        link
        for link in CheckLink.objects.filter(content__isnull=False)
        if any(line.get("author") in wanted for line in link.content.get("bylines") or [])
    ]


def _sign(desks: Desks) -> list[CheckLink]:
    links = _signed(desks)
    for link in links:
        sign_in_draft(link.content, desks)
        link.save(update_fields=["content"])
    return links


def register_words() -> None:
    register(
        Words(
            CheckLink,
            _("drafts out for checking"),
            ("content",),
            language="story__locale_id",
            where=lambda link: reverse("wagtailadmin_pages:edit", args=[link.story_id]),
        ),
        Signing(
            _("drafts out for checking that they sign"),
            lambda ids: len(_signed(ids)),
            _sign,
        ),
    )
