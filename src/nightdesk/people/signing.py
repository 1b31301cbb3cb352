"""Who signs: the lines under a headline, each an author or a desk."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from nightdesk.people.models import Author, Desk


class BylineOfOne:
    """Mixin of a line with ``author`` and ``desk``, of which one is set."""

    author_id: int | None
    desk_id: int | None
    author: Any
    desk: Any

    @property
    def who(self) -> Author | Desk | None:
        return self.author or self.desk

    def clean(self) -> None:
        super().clean()
        if bool(self.author_id) == bool(self.desk_id):
            raise ValidationError({"author": _("Choose one: an author or a desk.")})


class Signed:
    """Mixin of what has ``bylines``."""

    bylines: Any

    @property
    def signed_by(self) -> list[Author | Desk]:
        """Who signs it, in order."""
        return [line.who for line in self.bylines.all() if line.who]
