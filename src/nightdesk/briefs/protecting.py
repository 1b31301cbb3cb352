"""Where a name can stand in the News Feed."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nightdesk.briefs.models import Brief, BriefCorrection
from nightdesk.people.protecting.registry import Words, register


def register_words() -> None:
    register(
        Words(
            Brief,
            _("briefs"),
            ("headline", "text", "source", "source_url"),
            where=_form,
        ),
        Words(
            BriefCorrection,
            _("corrections of briefs"),
            ("words",),
            language="brief__locale_id",
            where=lambda row: _form(row.brief),
        ),
    )


def _form(brief: Brief) -> str:
    return reverse(brief.snippet_viewset.get_url_name("edit"), args=[brief.pk])
