"""The button that takes down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import Button

from nightdesk.takedown import actions, kinds

MAY = "takedown.take_down"


def in_a_list(thing: Any, user: Any) -> Iterator[Button]:
    """“Take down…” for a thing of a list; of one that is down, the form leads to how it stands."""
    kind = kinds.of_model(type(thing))
    if kind is not None and user.has_perm(MAY):
        url = kind.take_down_url(thing)
        yield Button(_("Take down…"), url=url, icon_name="warning", priority=90)


def in_its_head(thing: Any, user: Any) -> Iterator[Button]:
    """The same above the form of one thing, where there is time to see whether it is down."""
    for button in in_a_list(thing, user):
        kind = kinds.of_model(type(thing))
        standing = kind and actions.in_force(kind, thing)
        if standing:
            button.label = _("Taken down: how it stands")
            button.url = reverse("taken_down_one", args=[standing.pk])
        yield button
