"""The coverage of one event: its page, its summary on top, when it began and ended."""

from __future__ import annotations

import datetime
import uuid
from contextlib import ExitStack
from urllib.parse import unquote

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.fields import RichTextField
from wagtail.models import DraftStateMixin, RevisionMixin, TranslatableMixin
from wagtail.search import index

from nightdesk.coverage.models.bylines import SignedBy
from nightdesk.people.signing import Signed
from nightdesk.press.addresses import address
from nightdesk.press.dependencies import collection, good_until
from nightdesk.stories.models import Topic

#: Last parts of addresses below ``/coverage/`` that are something else's.
RESERVED_SLUGS = frozenset(["before", "live"])

#: Characters of its updates that one document of the search holds: some 600 updates. Those before
#: are found each by its own words.
SEARCHED = 200_000


class Coverage(
    DraftStateMixin, RevisionMixin, Signed, TranslatableMixin, index.Indexed, ClusterableModel
):
    """``ended_at`` is set by a verb (`nightdesk.coverage.actions`), not by a version: publishing
    an older version opens nothing again."""

    headline = models.CharField(_("headline"), max_length=255)
    slug = models.SlugField(
        _("address"),
        max_length=120,
        allow_unicode=True,
        help_text=_("The last part of the page's address. Keep it once readers know it."),
    )
    standfirst = models.TextField(
        _("standfirst"), max_length=500, blank=True, help_text=_("What it is about, in a sentence.")
    )
    summary = RichTextField(
        _("summary"),
        blank=True,
        features=["bold", "italic", "link", "ul"],
        help_text=_("What is known so far, for who comes late. It stands above the updates."),
    )
    picture = models.ForeignKey(
        "media.Picture",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    topics = ParentalManyToManyField(
        Topic, verbose_name=_("topics"), blank=True, related_name="coverages"
    )
    takes_briefs = models.BooleanField(
        _("Take in briefs on its topics"),
        default=False,
        help_text=_(
            "While it is under way, each brief on one of its topics appears among the updates, "
            "marked as from the News Feed."
        ),
    )
    started_at = models.DateTimeField(_("began"), default=timezone.now, db_index=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    #: Its document and those of its updates are kept by `nightdesk.coverage.searching`.
    search_auto_update = False
    search_fields = [
        index.SearchField("headline", boost=2),
        index.SearchField("standfirst"),
        index.SearchField("summary"),
        index.SearchField("words_of_updates"),
        index.FilterField("id"),
        index.FilterField("live"),
        index.FilterField("started_at"),
        index.RelatedFields("locale", [index.FilterField("language_code")]),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("coverage")
        verbose_name_plural = _("coverage")
        ordering = ["-started_at", "-pk"]
        unique_together = [("translation_key", "locale"), ("slug", "locale")]

    def __str__(self) -> str:
        return self.headline

    @classmethod
    def readable(cls, *languages: str) -> QuerySet[Coverage]:
        """Published coverage of these languages' editions, the latest begun first."""
        return (
            cls.objects.filter(
                live=True, locale__language_code__in=languages, started_at__lte=timezone.now()
            )
            .select_related("locale", "picture")
            .order_by("-started_at", "-pk")
        )

    @classmethod
    def under_way(cls, language: str) -> list[Coverage]:
        """What is being covered now."""
        wait_for_the_next(language)
        with collection("coverage-under-way", language):
            return list(cls.readable(language).filter(ended_at__isnull=True))

    def with_content_json(self, content: dict) -> Coverage:
        """A version neither ends nor reopens it."""
        found = super().with_content_json(content)
        found.ended_at, found.key = self.ended_at, self.key
        return found

    @classmethod
    def get_indexed_objects(cls) -> QuerySet[Coverage]:
        """What readers may find; the desk's lists are searched without the index."""
        found: QuerySet[Coverage] = super().get_indexed_objects().filter(live=True)
        return found

    def words_of_updates(self) -> str:
        """What its updates say that readers have, for the search: the newest first, up to a bound."""
        said, length = [], 0
        entries = self.entries.model.public().filter(coverage=self)
        words = entries.values_list("headline", "text", "brief__headline", "brief__text")
        for row in words.iterator(chunk_size=100):
            words_of_one = "\n".join(filter(None, row))
            length += len(words_of_one) + 1
            if said and length > SEARCHED:
                break
            said.append(words_of_one[:SEARCHED])
        return "\n".join(said)

    @property
    def is_under_way(self) -> bool:
        return self.ended_at is None

    @property
    def published_at(self) -> datetime.datetime:
        return self.started_at

    def get_absolute_url(self) -> str:
        return self._address("coverage")

    @property
    def live_url(self) -> str:
        """Its live document: what open pages look at (`nightdesk.briefs.live`)."""
        return self._address("coverage_live")

    @property
    def feed_url(self) -> str:
        return self._address("coverage_feed_rss")

    def before_url(self, pk: int) -> str:
        """The older page that follows one of its updates."""
        return self._address("coverage_before", before=pk)

    @property
    def plain_path(self) -> str:
        """Its path as people read it, letters as letters."""
        return unquote(self.get_absolute_url())

    def _address(self, name: str, **parts: object) -> str:
        return address(name, self.locale.language_code, slug=self.slug, **parts)


def wait_for_the_next(*languages: str) -> None:
    """Coverage may be published with a beginning to come: from then on it is in lists."""
    now = timezone.now()
    with ExitStack() as lists:
        for language in languages:
            lists.enter_context(collection("coverages", language)).between(now)
        coming = Coverage.objects.filter(live=True, started_at__gt=now)
        coming = coming.filter(locale__language_code__in=languages).order_by("started_at")
        good_until(coming.values_list("started_at", flat=True).first())


class CoverageByline(SignedBy):
    coverage = ParentalKey(Coverage, on_delete=models.CASCADE, related_name="bylines")
