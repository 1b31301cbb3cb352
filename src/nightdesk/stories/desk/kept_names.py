"""An author or desk who signed stories is not deleted: the stories would lose their byline."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Model
from django.db.models.deletion import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import ngettext
from wagtail.admin import messages

from nightdesk.people.models import Author, Desk
from nightdesk.stories.models import StoryByline


def signed(name: Author | Desk) -> int:
    """How many stories carry this name now."""
    field = "author" if isinstance(name, Author) else "desk"
    return StoryByline.objects.filter(**{field: name}).values("page").distinct().count()


def refusal(name: Author | Desk, stories: int) -> str:
    return ngettext(
        "“%(name)s” was not deleted: the name stands under %(count)d story. Sign that story with "
        "another name first.",
        "“%(name)s” was not deleted: the name stands under %(count)d stories. Sign them with "
        "another name first.",
        stories,
    ) % {"name": name, "count": stories}


def refuse_in_form(request: HttpRequest, things: Iterable[Model]) -> HttpResponse | None:
    """A hook before snippets are deleted: says how many stories keep the name, and shows them."""
    for thing in things:
        stories = signed(thing) if isinstance(thing, Author | Desk) else 0
        if not stories:
            continue
        buttons = []
        if isinstance(thing, Author):
            listed = f"{reverse('stories:index')}?author={thing.pk}"
            buttons = [messages.button(listed, ngettext("Show it", "Show them", stories))]
        messages.error(request, refusal(thing, stories), buttons=buttons)
        return redirect(thing.snippet_viewset.get_url_name("list"))
    return None


def refuse_in_bulk(
    request: HttpRequest, action: str, things: Iterable[Model], *_args: object
) -> HttpResponse | None:
    return refuse_in_form(request, things) if action == "delete" else None


def refuse(instance: Author | Desk, **_kwargs: object) -> None:
    """For every other way to delete: the shell, an import."""
    stories = signed(instance)
    if stories:
        raise ProtectedError(refusal(instance, stories), {instance})
