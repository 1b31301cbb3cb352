"""What taking a brief down means."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nightdesk.briefs.models import Brief
from nightdesk.press.keys import row_key
from nightdesk.press.learn import changing
from nightdesk.takedown.kinds import Kind

_ADDRESS = re.compile(r"(?:/[a-z]{2,3})?/news-feed/(\d{1,18})/?")


class Briefs(Kind):
    name = "brief"
    label = _("brief")
    model = Brief

    def find(self, path: str) -> Brief | None:
        found = _ADDRESS.fullmatch(path)
        brief = found and Brief.objects.filter(pk=int(found[1])).first()
        return brief if brief and self.path(brief).rstrip("/") == path.rstrip("/") else None

    def path(self, thing: Any) -> str:
        return unquote(thing.get_absolute_url()) if thing.pk else ""

    def keys(self, thing: Any) -> Iterable[str]:
        return [row_key(Brief, thing.pk)]

    def files(self, thing: Any) -> Iterable[str]:
        return thing.picture.files() if thing.picture else ()

    def title(self, thing: Any) -> str:
        return str(thing.shown_headline)

    def take_away(self, thing: Any, by: Any) -> None:
        thing.unpublish(user=by)
        thing.revisions.update(approved_go_live_at=None)

    def take_away_anyhow(self, thing: Any) -> None:
        with changing(thing):
            Brief.objects.filter(pk=thing.pk).update(live=False, withdrawn_at=timezone.now())

    def edit_url(self, thing: Any) -> str:
        return f"/admin/snippets/briefs/brief/edit/{thing.pk}/"
