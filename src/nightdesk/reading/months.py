"""Months of the archive, as the newsroom's own clock counts them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet
from django.utils import timezone

from nightdesk.press.addresses import address
from nightdesk.press.dependencies import collection
from nightdesk.stories.calendar import inhabited_months
from nightdesk.stories.models import StoryPage
from nightdesk.stories.paging import ListPage, page_of


@dataclass(frozen=True, order=True)
class Month:
    """One month of one language's edition."""

    year: int
    number: int
    language: str

    @classmethod
    def of(cls, moment: datetime.datetime, language: str) -> Month:
        local = timezone.localtime(moment)
        return cls(local.year, local.month, language)

    @property
    def first_day(self) -> datetime.date:
        return datetime.date(self.year, self.number, 1)

    @property
    def url(self) -> str:
        return address(
            "archive_month", self.language, year=f"{self.year:04}", month=f"{self.number:02}"
        )

    def starts(self) -> datetime.datetime:
        return timezone.make_aware(datetime.datetime(self.year, self.number, 1))

    def ends(self) -> datetime.datetime:
        """The first moment that no longer belongs to it."""
        year, number = (self.year + 1, 1) if self.number == 12 else (self.year, self.number + 1)
        if year > datetime.MAXYEAR:
            return datetime.datetime.max.replace(tzinfo=datetime.UTC)
        return timezone.make_aware(datetime.datetime(year, number, 1))

    def stories(self) -> QuerySet[StoryPage]:
        """Its readable stories, newest first."""
        return archive(self.language).filter(
            first_published_at__gte=self.starts(), first_published_at__lt=self.ends()
        )

    def page(self, before: int | None) -> ListPage[StoryPage] | None:
        """Those of its stories that one page shows; ``before`` as for `page_of`."""
        name = ("stories", self.language)
        return page_of(
            self.stories(), name, before, length=40, since=self.starts(), until=self.ends()
        )

    def earlier(self) -> Month | None:
        """The nearest month before it that has a story."""
        with collection("stories", self.language) as listed:
            moments = self._moments(first_published_at__lt=self.starts())
            newest = moments.order_by("-first_published_at").first()
            listed.between(newest, self.starts())
        return Month.of(newest, self.language) if newest else None

    def later(self) -> Month | None:
        """The nearest month after it that has a story."""
        with collection("stories", self.language) as listed:
            moments = self._moments(first_published_at__gte=self.ends())
            oldest = moments.order_by("first_published_at").first()
            listed.between(self.ends(), oldest)
        return Month.of(oldest, self.language) if oldest else None

    def _moments(self, **when: datetime.datetime) -> QuerySet:
        stories = archive(self.language).prefetch_related(None).filter(**when)
        return stories.values_list("first_published_at", flat=True)


def archive(language: str) -> QuerySet[StoryPage]:
    """Every readable story of an edition, newest first."""
    return StoryPage.readable_in(language)


def years(language: str) -> list[tuple[int, list[Month]]]:
    """Every year that has a story, newest first, each with its months in the year's order.

    No counts: a page that shows how many stories a month has goes stale with every one.
    """
    inhabited = inhabited_months(archive(language), "first_published_at", ("stories", language))
    months = [Month(found.year, found.month, language) for found in inhabited]
    by_year = {year: list(inside) for year, inside in groupby(months, key=lambda m: m.year)}
    return sorted(by_year.items(), reverse=True)


def by_day(stories: list[StoryPage]) -> list[tuple[datetime.date, list[StoryPage]]]:
    """A list that is newest first, parted at the newsroom's midnights."""
    return [
        (day, list(inside))
        for day, inside in groupby(
            stories, key=lambda story: timezone.localtime(story.first_published_at).date()
        )
    ]
