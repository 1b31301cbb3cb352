"""What a page is about, in schema.org's words, for search engines and archives (JSON-LD).

Everything said here is also on the page for readers to see.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext
from wagtail.models import Page

from nightdesk.briefs.models import Brief
from nightdesk.coverage.models import Coverage, Entry, EntryCorrection
from nightdesk.kernel.text import plain
from nightdesk.media.models import Picture
from nightdesk.narration import heard
from nightdesk.people.models import Author, Desk
from nightdesk.press.addresses import absolute, address
from nightdesk.stories.corrections import Correction
from nightdesk.stories.models import Kind, SectionPage, StoryPage
from nightdesk.syndication.xml import w3c

Data = dict[str, Any]

#: schema.org's type for each sort of journalism; plain news has none of its own.
TYPES = {
    Kind.NEWS: "NewsArticle",
    Kind.ANALYSIS: "AnalysisNewsArticle",
    Kind.OPINION: "OpinionNewsArticle",
    Kind.INTERVIEW: "NewsArticle",
    Kind.EXPLAINER: "BackgroundNewsArticle",
    Kind.FEATURE: "NewsArticle",
    Kind.INVESTIGATION: "ReportageNewsArticle",
    Kind.REVIEW: "ReviewNewsArticle",
    Kind.SPONSORED: "AdvertiserContentArticle",
}


def story_data(story: StoryPage) -> list[Data]:
    """The article and the way to it. A preview of what was never published has no dates."""
    url = _address_of(story)
    published = story.first_published_at
    article = _filled(
        {
            "@type": TYPES.get(story.kind, "NewsArticle"),
            "@id": f"{url}#article",
            "mainEntityOfPage": {"@type": "WebPage", "@id": url},
            "url": url,
            "headline": story.told_headline,
            "creativeWorkStatus": "Retracted" if story.retracted else "",
            "description": story.search_description or story.standfirst,
            "image": pictures(story.lead_picture),
            "datePublished": published and w3c(published),
            "dateModified": published and w3c(story.updated_at or published),
            "author": [signer(who) for who in story.signed_by] or [publisher()],
            "publisher": publisher(),
            "articleSection": story.section.title if story.section else "",
            "keywords": [topic.name for topic in story.topics.all()],
            "inLanguage": story.locale.language_code,
            "wordCount": story.words,
            "dateline": story.dateline,
            "correction": [_correction(row, url) for row in story.shown_corrections],
            "audio": _sound(story),
            "isAccessibleForFree": True,
        }
    )
    trail = [(story.section.title, story.section.url)] if story.section else []
    return [article, breadcrumbs(story.locale.language_code, *trail, (story.title, story.url))]


def _sound(story: StoryPage) -> Data | None:
    """The story read aloud, and that a machine did."""
    sound = heard.heard(story)
    if sound is None:
        return None
    return {
        "@type": "AudioObject",
        "contentUrl": absolute(sound.url),
        "encodingFormat": "audio/mpeg",
        "contentSize": str(sound.size),
        "duration": sound.iso_length,
        "inLanguage": story.locale.language_code,
        "description": sound.disclosure or gettext("Read by a person"),
        "digitalSourceType": sound.source_type,
    }


def _correction(row: Correction, url: str) -> Data:
    """``name`` says which sort it is: schema.org has one type for all."""
    return {
        "@type": "CorrectionComment",
        "@id": f"{url}#{row.anchor}",
        "url": f"{url}#{row.anchor}",
        "name": str(row.get_kind_display()),
        "text": row.words,
        "datePublished": w3c(row.moment),
    }


def brief_data(brief: Brief) -> list[Data]:
    language = brief.locale.language_code
    url = absolute(brief.get_absolute_url())
    article = _filled(
        {
            "@type": "NewsArticle",
            "@id": f"{url}#article",
            "mainEntityOfPage": {"@type": "WebPage", "@id": url},
            "url": url,
            "headline": brief.shown_headline,
            "articleBody": brief.text.strip(),
            "image": pictures(brief.picture),
            "datePublished": w3c(brief.published_at),
            "dateModified": w3c(brief.updated_at),
            "correction": [
                {
                    "@type": "CorrectionComment",
                    "text": row.words,
                    "datePublished": w3c(row.at),
                }
                for row in brief.corrections.all()
            ],
            "author": [publisher()],
            "publisher": publisher(),
            "inLanguage": language,
            "isAccessibleForFree": True,
            "citation": brief.source_url or brief.source,
        }
    )
    feed = (gettext("News Feed"), address("news_feed", language))
    trail = breadcrumbs(language, feed, (brief.shown_headline, brief.get_absolute_url()))
    return [article, trail]


def coverage_data(coverage: Coverage, entries: list[Entry]) -> list[Data]:
    """A live blog and those of its updates that the page shows."""
    language = coverage.locale.language_code
    url = absolute(coverage.get_absolute_url())
    changed = [entry.changed_at for entry in entries]
    blog = _filled(
        {
            "@type": "LiveBlogPosting",
            "@id": f"{url}#coverage",
            "mainEntityOfPage": {"@type": "WebPage", "@id": url},
            "url": url,
            "headline": coverage.headline,
            "description": coverage.standfirst,
            "image": pictures(coverage.picture),
            "coverageStartTime": w3c(coverage.started_at),
            "coverageEndTime": coverage.ended_at and w3c(coverage.ended_at),
            "datePublished": w3c(coverage.started_at),
            "dateModified": w3c(max([coverage.started_at, *changed])),
            "author": [signer(who) for who in coverage.signed_by] or [publisher()],
            "publisher": publisher(),
            "inLanguage": language,
            "isAccessibleForFree": True,
            "liveBlogUpdate": [_update(entry) for entry in entries],
        }
    )
    trail = (_coverage_step(language), (coverage.headline, coverage.get_absolute_url()))
    return [blog, breadcrumbs(language, *trail)]


def entry_data(entry: Entry) -> list[Data]:
    """One update alone, as a part of its coverage."""
    coverage = entry.coverage
    language = coverage.locale.language_code
    whole = {
        "@type": "LiveBlogPosting",
        "@id": f"{absolute(coverage.get_absolute_url())}#coverage",
        "url": absolute(coverage.get_absolute_url()),
        "headline": coverage.headline,
    }
    post = {**_update(entry), "isPartOf": whole, "inLanguage": language}
    steps = [_coverage_step(language), (coverage.headline, coverage.get_absolute_url())]
    return [post, breadcrumbs(language, *steps, (entry.title, entry.get_absolute_url()))]


def _coverage_step(language: str) -> tuple[str, str]:
    return gettext("Live coverage"), address("coverages", language)


def _update(entry: Entry) -> Data:
    url = absolute(entry.get_absolute_url())
    said = entry.said
    return _filled(
        {
            "@type": "BlogPosting",
            "@id": f"{url}#update",
            "url": url,
            "headline": entry.title,
            "articleBody": said.text.strip(),
            "image": pictures(said.picture),
            "datePublished": w3c(entry.published_at),
            "dateModified": w3c(entry.changed_at),
            "author": [signer(who) for who in entry.signed_by] or [publisher()],
            "publisher": {"@id": f"{absolute('/')}#publisher"},
            "citation": said.source_url or said.source,
            "correction": [_corrected(row) for row in entry.corrections_in_order],
        }
    )


def _corrected(row: EntryCorrection) -> Data:
    return {"@type": "CorrectionComment", "text": row.words, "datePublished": w3c(row.at)}


def section_data(section: SectionPage) -> list[Data]:
    page = _filled(
        {
            "@type": "CollectionPage",
            "@id": _address_of(section),
            "url": _address_of(section),
            "name": section.title,
            "description": section.search_description or section.intro,
            "inLanguage": section.locale.language_code,
            "publisher": publisher(),
        }
    )
    return [page, breadcrumbs(section.locale.language_code, (section.title, section.url))]


def home_data(home: Page) -> list[Data]:
    """The site itself, and how to search it."""
    url = _address_of(home)
    search = absolute(address("search", home.locale.language_code))
    return [
        {
            "@type": "WebSite",
            "@id": f"{url}#website",
            "url": url,
            "name": home.title,
            "inLanguage": home.locale.language_code,
            "publisher": publisher(),
            "potentialAction": {
                "@type": "SearchAction",
                "target": {
                    "@type": "EntryPoint",
                    "urlTemplate": f"{search}?q={{search_term_string}}",
                },
                "query-input": "required name=search_term_string",
            },
        }
    ]


def author_data(author: Author) -> list[Data]:
    url = absolute(author.get_absolute_url())
    person = _filled(
        {
            **signer(author),
            "@id": f"{url}#person",
            "jobTitle": author.role,
            "description": plain(author.bio),
            "image": pictures(author.portrait),
            "worksFor": publisher(),
        }
    )
    page = {"@type": "ProfilePage", "@id": url, "url": url, "mainEntity": person}
    language = author.locale.language_code
    return [page, breadcrumbs(language, (author.name, author.get_absolute_url()))]


def signer(who: Author | Desk) -> Data:
    """One name under a headline: a person, or a desk as an organisation."""
    kind = "Person" if isinstance(who, Author) else "Organization"
    return {"@type": kind, "name": who.name, "url": absolute(who.get_absolute_url())}


def publisher() -> Data:
    return {
        "@type": "NewsMediaOrganization",
        "@id": f"{absolute('/')}#publisher",
        "name": settings.WAGTAIL_SITE_NAME,
        "url": absolute("/"),
        "correctionsPolicy": absolute(address("corrections", settings.LANGUAGE_CODE)),
    }


def pictures(picture: Picture | None) -> list[str]:
    """Full addresses of a picture's crop for cards and its largest size; none for one that is
    covered on our own pages."""
    if not picture or picture.sensitive:
        return []
    return [absolute(path) for path in dict.fromkeys([picture.card_url, picture.largest]) if path]


def breadcrumbs(language: str, *steps: tuple[str, str | None]) -> Data:
    """The way from the front page: (name, path) of each step."""
    trail = [(settings.WAGTAIL_SITE_NAME, _front(language)), *steps]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            _filled(
                {
                    "@type": "ListItem",
                    "position": place,
                    "name": name,
                    "item": absolute(path) if path else "",
                }
            )
            for place, (name, path) in enumerate(trail, 1)
        ],
    }


def _front(language: str) -> str:
    return "/" if language == settings.LANGUAGE_CODE else f"/{language}/"


def _address_of(page: Page) -> str:
    return absolute(page.url or "/")


def _filled(data: Data) -> Data:
    """Without what is not known: an empty property says something wrong."""
    return {name: value for name, value in data.items() if value not in ("", None, [])}
