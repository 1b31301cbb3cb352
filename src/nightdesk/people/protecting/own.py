"""Where a name can stand in what this room keeps, and the one below: authors, desks, pictures;
accounts, redirects."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

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
