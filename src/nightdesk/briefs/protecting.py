"""Where a name can stand in the News Feed."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nightdesk.briefs.models import Brief, BriefCorrection
from nightdesk.people.protecting.registry import Words, register
from nightdesk.press.learn import changing


def register_words() -> None:
    register(
        Words(
            Brief,
            _("briefs"),
            ("headline", "text", "source", "source_url"),
            where=_form,
            follow=_changed_now,
        ),
        Words(
            BriefCorrection,
            _("corrections of briefs"),
            ("words",),
            language="brief__locale_id",
            where=lambda row: _form(row.brief),
            write=_write_correction,
        ),
    )


def _changed_now(_brief: Brief) -> dict[str, Any]:
    """So that pages that are open let go of the name, however old the brief is."""
    return {"last_published_at": timezone.now()}


def _write_correction(correction: BriefCorrection, changes: dict[str, Any]) -> None:
    with changing(correction, correction.brief):
        BriefCorrection.objects.filter(pk=correction.pk).update(**changes)
        Brief.objects.filter(pk=correction.brief_id).update(**_changed_now(correction.brief))


def _form(brief: Brief) -> str:
    return reverse(brief.snippet_viewset.get_url_name("edit"), args=[brief.pk])
