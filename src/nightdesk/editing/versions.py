"""Which version a form was made from, whether that is still the newest, and who made a newer one.

What has revisions: Wagtail writes the latest revision into the form, and its automatic save keeps
that in step. What has none (Editors' Picks, people, topics), or none yet: a digest of the row.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from modelcluster.models import get_serializable_data_for_fields
from wagtail.log_actions import registry
from wagtail.models import COMMENTS_RELATION_NAME, Revision

#: The hidden field of what has no revision.
MADE_FROM = "made_from"

#: Every field by which a form says what it was made from.
SAYS = ("loaded_revision_id", "loaded_revision_created_at", "overwrite_revision_id", MADE_FROM)


def latest_revision(thing: Model) -> Revision | None:
    """The latest now, whatever ``thing`` remembers; without its content."""
    if not hasattr(thing, "latest_revision_id"):
        return None
    number = type(thing)._base_manager.values_list("latest_revision", flat=True).get(pk=thing.pk)
    return Revision.objects.defer("content").select_related("user").filter(pk=number).first()


def digest(form_class: type, pk: object) -> str:
    """Of what this kind of form can change in the row as it stands now."""
    thing = form_class._meta.model._default_manager.get(pk=pk)
    whole = (
        thing.serializable_data()
        if hasattr(thing, "serializable_data")
        else get_serializable_data_for_fields(thing)
    )
    names = {*form_class.base_fields, *getattr(form_class, "formsets", {})}
    names.discard(COMMENTS_RELATION_NAME)
    part = {name: whole[name] for name in sorted(names & set(whole))}
    text = json.dumps(part, sort_keys=True, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def is_stale(
    sent: Mapping[str, str], latest: Revision | None, row: Callable[[], str] = lambda: ""
) -> bool:
    """Whether somebody saved after the form was made that sends this. ``row`` gives the digest.

    A form that says nothing of what it was made from (a script's) is taken as new, as Wagtail does.
    """
    if latest is None:
        made_from = sent.get(MADE_FROM)
        return bool(made_from) and made_from != row()
    if overwrites := sent.get("overwrite_revision_id"):
        # Only the form that made a revision by itself saves into it again.
        return overwrites != str(latest.pk)
    if loaded := sent.get("loaded_revision_id"):
        moment = sent.get("loaded_revision_created_at", "")
        return loaded != str(latest.pk) or moment != latest.created_at.isoformat()
    return bool(sent.get(MADE_FROM))


def as_new(latest: Revision | None, row: Callable[[], str]) -> dict[str, str]:
    """What a form says that is made from the newest version."""
    if latest is None:
        return {MADE_FROM: row()}
    return {
        "loaded_revision_id": str(latest.pk),
        "loaded_revision_created_at": latest.created_at.isoformat(),
    }


@dataclass(frozen=True)
class Saved:
    """Who saved the newest version, and when. ``name`` is "" when no account did."""

    account: int | None
    name: str
    at: datetime.datetime | None

    @property
    def clock(self) -> str:
        """The time in the newsroom's zone, with the day when it was not today."""
        if self.at is None:
            return ""
        zone = timezone.get_default_timezone()
        at, today = timezone.localtime(self.at, zone), timezone.localtime(timezone=zone)
        return date_format(at, "H:i" if at.date() == today.date() else "j E, H:i")


def who_saved(thing: Model, latest: Revision | None) -> Saved:
    if latest is not None:
        return _saved(latest.user, latest.created_at)
    entry = registry.get_logs_for_instance(thing).select_related("user").first()
    return _saved(entry.user, entry.timestamp) if entry else _saved(None, None)


def _saved(user: object, at: datetime.datetime | None) -> Saved:
    return Saved(user.pk, first_name(user), at) if user else Saved(None, "", at)


def first_name(user: object) -> str:
    return user.get_short_name() or user.get_username()


def sentence(saved: Saved, thing: Model, reader: int) -> str:
    """“Olha saved this story at 23:41.” ``reader``: the account that will read it."""
    options = type(thing)._meta
    one, several = str(options.verbose_name), str(options.verbose_name_plural)
    named = several if one == several else _("this %(thing)s") % {"thing": one}
    words = {"name": saved.name, "thing": named, "time": saved.clock}
    if saved.at is None:
        return _("Somebody saved %(thing)s meanwhile.") % words
    if saved.account == reader:
        return _("You saved %(thing)s at %(time)s, in another window.") % words
    if not saved.name:
        return _("%(thing)s was saved at %(time)s by no account: an import, or a command.") % {
            **words,
            "thing": named[:1].upper() + named[1:],
        }
    return _("%(name)s saved %(thing)s at %(time)s.") % words
