"""A newsroom with one name in every place where a name can stand, and everything readers get of it."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale

from nightdesk.briefs.models import BriefCorrection
from nightdesk.checking.actions import share
from nightdesk.coverage.actions import correct_entry
from nightdesk.fronts.breaking.models import Banner
from nightdesk.fronts.models import HomePage
from nightdesk.newsletters.models import DigestRule, Newsletter
from nightdesk.people.models import Author, Desk, User
from nightdesk.people.protecting.actions import Order
from nightdesk.press import fragments, pages
from nightdesk.stories.corrections import Correction
from nightdesk.stories.models import SectionPage, StoryPage, Topic
from tests.coverage.making import a_coverage, an_entry
from tests.faults.leaks.surfaces import nothing_changes
from tests.making import a_brief, a_picture, a_story, indexed
from tests.newsletters.composing import an_edition, sent

NAME, CYRILLIC, FORMER = "Olena Sydorenko", "Олена Сидоренко", "Helena O’Sydor"
SLUG = "olena-sydorenko"

#: Everything here is the name to a reader. Names in addresses are looked for decoded.
TOLD = (NAME, CYRILLIC, FORMER, SLUG, "олена-сидоренко", "olena_sydorenko", "olenasydorenko")


@dataclass
class Newsroom:
    author: Author
    translated: Author
    desk: Desk
    portrait: object
    interview: StoryPage
    draft: StoryPage
    #: Where somebody without an account reads the draft.
    check: str

    def order(self, **more: object) -> Order:
        return Order(self.author, self.desk, also=[FORMER], reason="She is in danger.", **more)


def filled(home: HomePage, section: SectionPage) -> Newsroom:
    english, ukrainian = home.locale, Locale.objects.get(language_code="uk")
    desk = Desk.objects.create(
        name="News desk", slug="news-desk", locale=english, description=f"Led by {NAME}."
    )
    Desk.objects.create(
        name="Редакція",
        slug="redakciya",
        locale=ukrainian,
        translation_key=desk.translation_key,
    )
    portrait = a_picture(f"{NAME} at work", credit=f"Photo: {NAME}", caption=f"{FORMER} in 2020")
    shared = a_picture("A bridge", credit=f"{NAME.upper()} / Agency", caption=f"Seen by {NAME}")
    author = Author.objects.create(
        name=NAME, slug=SLUG, locale=english, desk=desk, portrait=portrait, bio="<p>Writes.</p>"
    )
    translated = Author.objects.create(
        name=CYRILLIC,
        slug="олена-сидоренко",
        locale=ukrainian,
        translation_key=author.translation_key,
    )
    colleague = Author.objects.create(
        name="Ben Colleague",
        slug="ben",
        locale=english,
        role=f"Editor of {NAME}",
        bio=f'<p>Works with <b>Olena</b> Sydorenko. <a href="/authors/{SLUG}/">Hers</a></p>',
    )
    User.objects.create_user("o.s", author=author)
    topic = Topic.objects.create(
        name=NAME, slug=SLUG, locale=english, description=f"All about {NAME}"
    )
    SectionPage.objects.filter(pk=section.pk).update(
        intro=f"Edited by {NAME}.", search_description=f"By {NAME}"
    )
    HomePage.objects.filter(pk=home.pk).update(search_description=f"The paper of {NAME}")
    body = [
        ("text", f"<p>Said <i>Olena</i>&nbsp;Sydorenko, once {FORMER.replace('’', '&#x27;')}.</p>"),
        ("text", f'<p>See <a href="https://social.example/@{SLUG}">her page</a>.</p>'),
        (
            "quote",
            {"text": f"I am {NAME}.", "speaker": NAME, "role": f"{NAME}, poet", "source": NAME},
        ),
        ("picture", {"picture": shared, "caption": f"{NAME}, left", "credit": f"By {NAME}"}),
        ("fact_box", {"title": f"Who is {NAME}?", "text": "<p>Olena\u00a0Sydorenko</p>"}),
        ("table", {"data": [["Name", "Age"], [NAME, "33"]], "first_row_is_table_header": True}),
        ("embed", {"url": "https://vimeo.com/1234", "title": f"{NAME} reads"}),
        ("related", {"story": None, "headline": f"{NAME} to come"}),
    ]
    now = timezone.now()
    interview = a_story(
        section,
        f"Interview with {NAME}",
        slug=f"interview-with-{SLUG}",
        signed_by=[author, colleague],
        topics=[topic],
        body=body,
        standfirst=f"{NAME} on rivers",
        kicker="Olena Sydorenko",
        dateline=f"At {NAME}’s",
        lead_picture=shared,
        lead_caption=f"{NAME} again",
        seo_title=f"{NAME} speaks",
        search_description=f"{NAME} spoke",
        at=now - datetime.timedelta(days=3),
    )
    published_twice(interview)
    both = a_story(section, "Signed by both", signed_by=[author, desk], lead_picture=shared)
    alone = a_story(section, "Signed alone", signed_by=[author])
    abroad_home = HomePage.objects.get(locale=ukrainian)
    abroad = a_story(
        abroad_home.add_child(
            instance=SectionPage(title="Новини", slug="novyny", locale=ukrainian)
        ),
        f"Розмова: {CYRILLIC}",
        slug="розмова-олена-сидоренко",
        body="<p>Каже Оле\u0301на Сидоре\u0301нко.</p>",
        signed_by=[translated],
    )
    draft = a_story(section, "Not yet", live=False, signed_by=[author], body=f"<p>{NAME}</p>")
    draft.save_revision()
    draft.refresh_from_db()
    brief = a_brief(
        english,
        f"{NAME} has won a prize.",
        headline=f"Prize for {NAME}",
        source=NAME,
        source_url=f"https://social.example/{SLUG}",
    )
    brief.save_revision()
    BriefCorrection.objects.create(brief=brief, words=f"We had said that {NAME} won nothing.")
    a_brief(ukrainian, f"{CYRILLIC} отримала премію.")
    coverage = a_coverage(
        f"{NAME} on trial",
        standfirst=f"What {NAME} says.",
        summary=f"<p><b>Olena</b> Sydorenko, {FORMER}</p>",
        signed_by=[author],
    )
    update = an_entry(
        coverage, f"{NAME} has arrived.", headline=NAME, source=NAME, authors=[author]
    )
    correct_entry(
        update.pk,
        text=f"{NAME} has been brought.",
        note=f"{NAME} did not come by herself.",
        key=uuid.uuid4(),
    )
    letter = Newsletter.objects.create(
        name=f"{NAME} writes",
        slug=f"{SLUG}-writes",
        locale=english,
        description=f"Every day, by {NAME}.",
        schedule_text=f"When {NAME} wakes",
        host=author,
        picture=portrait,
        contact_words=f"{NAME}, 1 Quay Street",
    )
    words = {"story": interview.pk, "headline": f"{NAME} again", "words": f"By {NAME}."}
    for state in ("finished", "draft"):
        edition = an_edition(
            letter,
            ("heading", f"Today with {NAME}"),
            ("text", f"<p><b>Olena</b> Sydorenko, {FORMER}</p>"),
            ("story", {**words, "picture": True}),
            ("picture", {"picture": shared.pk, "caption": f"{NAME}, left", "credit": NAME}),
            subject=f"{NAME} is back",
            preheader=f"What {NAME} did",
            state=state,
        )
        if state == "finished":
            sent(edition)
    Banner.objects.create(
        locale=ukrainian,
        text=f"{CYRILLIC} на волі",
        url=f"https://social.example/{SLUG}",
        since=now,
        until=now + datetime.timedelta(hours=2),
    )
    DigestRule.objects.create(newsletter=letter, subject=f"The week of {NAME}")
    Redirect.add_redirect(f"/people/{SLUG}/", redirect_to=f"/authors/{SLUG}/")
    Redirect.add_redirect("/our-poet/", redirect_to=f"/authors/{SLUG}/")
    Redirect.add_redirect(f"/old/{SLUG}/", redirect_to=interview)
    Redirect.add_redirect("/old/talk/", redirect_to=interview)
    indexed(interview, both, alone, abroad, brief)
    _link, token = share(draft, None, datetime.timedelta(days=1))
    return Newsroom(author, translated, desk, portrait, interview, draft, f"/check/{token}/")


def published_twice(story: StoryPage) -> None:
    story = StoryPage.objects.get(pk=story.pk)
    story.save_revision().publish()
    story = StoryPage.objects.get(pk=story.pk)
    story.standfirst = f"{NAME} on rivers and rails"
    story.corrections.add(Correction(words=f"We misspelled {NAME}."))
    story.save_revision().publish()


#: Addresses that no link names.
_BESIDES = (
    "/",
    "/uk/",
    "/robots.txt",
    "/sitemap.xml",
    "/news-sitemap.xml",
    "/feeds/rss.xml",
    "/feeds/atom.xml",
    "/feeds/feed.json",
    "/corrections/rss.xml",
    "/healthz",
    "/nothing/",
    "/search/?q=Sydorenko",
    "/search/?q=Olena",
    "/uk/search/?q=Сидоренко",
    "/search/?q=interview",
    "/admin/login/",
    "/our-poet/",
    "/old/talk/",
)
_LINKS = re.compile(
    r"""(?:href|src|action)=["']?([^"'\s>]+)|<loc>([^<]+)|"(?:url|id)": ?"([^"]+)\""""
)


def mirror(also: object = ()) -> dict[str, str]:
    """Path → status, headers and decoded bytes of whatever a stranger can get by following links,
    and of every address that is registered."""
    return dict(walk(also))


def walk(also: object = ()) -> Iterator[tuple[str, str]]:
    """The mirror, one by one; the last of ``also`` comes first. Each shared piece of the pages is
    made once, as the press does."""
    client = Client()
    waiting = [*_BESIDES, *(path for _kind, path in pages.all_paths()), *also]
    got: set[str] = set()
    with nothing_changes():
        while waiting:
            path = waiting.pop()
            if path in got:
                continue
            got.add(path)
            told, text = answer_at(path, client)
            yield path, told
            waiting += _inside(path, text)
        for name in fragments.names():
            for code, _name in settings.LANGUAGES:
                yield f"fragment {name} {code}", str(fragments.render(name, code))


def _inside(path: str, text: str) -> Iterator[str]:
    """Addresses of ours that a page leads to, the newsroom's own and files left out."""
    for found in _LINKS.finditer(text):
        link = next(filter(None, found.groups())).replace("&amp;", "&")
        parts = urlsplit(urljoin(f"{settings.PUBLIC_URL}{path}", link))
        if f"{parts.scheme}://{parts.netloc}" == settings.PUBLIC_URL and not parts.path.startswith(
            ("/admin", "/assets", "/media", "/static")
        ):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def answer_at(path: str, client: Client | None = None) -> tuple[str, str]:
    """Status, headers and decoded bytes; the bytes alone."""
    answer = (client or Client()).get(path)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = content.decode("utf-8", "replace")
    return f"{answer.status_code} {dict(answer.items())}\n{text}", text


def naming(got: dict[str, str]) -> dict[str, list[str]]:
    """Where the name stands, and how. What a reader asked for by name themselves does not count."""
    found = {}
    for path, text in got.items():
        lower = " ".join(unquote(text).casefold().replace("&#x27;", "’").replace("'", "’").split())
        told = [each for each in TOLD if each.casefold() in lower]
        if told:
            found[unquote(path)] = told
    return found
