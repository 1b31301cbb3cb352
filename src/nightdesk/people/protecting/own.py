"""Where a name can stand in what this room keeps, and the one below: authors, desks, pictures;
accounts, redirects."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry

from nightdesk.media.models import Picture
from nightdesk.people.models import Author, Desk, User
from nightdesk.people.protecting import registry
from nightdesk.people.protecting.registry import Desks, Signing, Words


def _where(row: Author | Desk) -> str:
    return reverse(row.snippet_viewset.get_url_name("edit"), args=[row.pk])


def _no_account_signs_so(desks: Desks) -> list[User]:
    accounts = list(User.objects.filter(author__in=desks))
    User.objects.filter(pk__in=[account.pk for account in accounts]).update(author=None)
    return accounts


def _nothing_in_the_log(ids: Iterable[int]) -> None:
    """Wagtail's log of what was done to the author names the author."""
    entries = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Author), object_id__in=list(map(str, ids))
    )
    entries.update(label=str(_("a protected name")))


def register() -> None:
    registry.register(
        Words(Author, _("authors"), ("name", "role", "bio"), where=_where),
        Words(
            Desk,
            _("desks"),
            ("name", "description"),
            slug="slug",
            path=Desk.get_absolute_url,
            where=_where,
        ),
        Words(
            Picture,
            _("pictures"),
            ("title", "alt", "caption", "credit", "description"),
            language="",
            where=lambda row: reverse("wagtailimages:edit", args=[row.pk]),
        ),
        Signing(
            _("accounts that sign stories so"),
            lambda ids: User.objects.filter(author__in=list(ids)).count(),
            _no_account_signs_so,
        ),
    )
    registry.register_also(_nothing_in_the_log)
