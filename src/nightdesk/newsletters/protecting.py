"""Where a name can stand in newsletters: their host, and what they say of themselves."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nightdesk.newsletters.models import DigestRule, Edition, Newsletter
from nightdesk.people.protecting.registry import Desks, Signing, Words, register
from nightdesk.press.learn import changing

#: What a newsletter says beside its form and in its first mails.
_WORDS_OF_ITS_OWN = (
    "label_words",
    "required_words",
    "button_words",
    "invalid_words",
    "accepted_title",
    "accepted_words",
    "welcome_words",
)


def _hosted(ids: Iterable[int]) -> int:
    return Newsletter.objects.filter(host__in=list(ids)).count()


def _without_host(desks: Desks) -> list[Newsletter]:
    """A desk is no host: the newsletter has none until an editor chooses one."""
    hosted = list(Newsletter.objects.filter(host__in=desks))
    with changing(*hosted):
        Newsletter.objects.filter(pk__in=[row.pk for row in hosted]).update(host=None)
    return hosted


def register_words() -> None:
    register(
        Words(
            Newsletter,
            _("newsletters"),
            (
                *("name", "description", "schedule_text", "from_name", "contact_words"),
                *_WORDS_OF_ITS_OWN,
            ),
            slug="slug",
            where=lambda row: reverse(row.snippet_viewset.get_url_name("edit"), args=[row.pk]),
        ),
        Words(
            Edition,
            _("editions of newsletters"),
            ("subject", "preheader", "body"),
            language="newsletter__locale_id",
            path=lambda row: row.get_absolute_url() if row.has_page else None,
            where=lambda row: reverse("edition", args=[row.pk]),
        ),
        Words(
            DigestRule,
            _("rules of digests"),
            ("subject",),
            language="newsletter__locale_id",
            where=lambda row: reverse(row.snippet_viewset.get_url_name("edit"), args=[row.pk]),
        ),
        Signing(_("newsletters that they host"), _hosted, _without_host),
    )
