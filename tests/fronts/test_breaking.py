"""The breaking banner: on every page by printing one piece, and gone by itself."""

from __future__ import annotations

import datetime
import uuid

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, ModelLogEntry, PageViewRestriction

from nightdesk.fronts.breaking import actions
from nightdesk.fronts.breaking.fragment import breaking
from nightdesk.fronts.breaking.links import Link, NotForReadersError, to_address, to_story
from nightdesk.fronts.breaking.models import Banner
from nightdesk.press.dependencies import collecting
from nightdesk.stories.models import StoryPage
from nightdesk.takedown import actions as takedowns
from nightdesk.takedown import kinds
from tests.making import a_brief, a_story
from tests.takedown.conftest import data, press, reader  # noqa: F401

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)
PAGES = ("/", "/news/", "/news/dam-breaks/", "/news-feed/", "error:404:en")


def on(text: str = "The dam has broken", link: Link = Link(), **more) -> Banner:  # noqa: B008
    more.setdefault("language", "en")
    return actions.switch_on(uuid.uuid4(), text=text, link=link, **more).banner


def history() -> list[tuple[str, str]]:
    found = ModelLogEntry.objects.filter(action__startswith="nightdesk.breaking").order_by("pk")
    return [(entry.action.rpartition(".")[2], entry.label) for entry in found]


@pytest.fixture
def story(section):
    return a_story(section, "Dam breaks", slug="dam-breaks")


@pytest.fixture
def printed(press, monkeypatch):  # noqa: F811
    """What the press prints from now on."""
    paths: list[str] = []
    real = press._printer.print

    def noted(path):
        paths.append(path)
        return real(path)

    press.run_dry()
    monkeypatch.setattr(press._printer, "print", noted)
    return paths


# --- one piece of every page -----------------------------------------------------------------


def test_switching_it_on_and_off_prints_one_piece_and_no_page(story, press, printed, reader):  # noqa: F811
    banner = on(link=to_story(story))
    press.run_dry()
    assert printed == ["fragment:breaking:en"]
    for path in PAGES:
        assert reader.text(path).count("The dam has broken") == 1, path
    assert 'href="/news/dam-breaks/">The dam has broken</a>' in reader.text("/news-feed/")
    assert "The dam has broken" not in reader.text("/uk/")
    del printed[:]
    assert actions.switch_off(banner.pk, None)
    press.run_dry()
    assert printed == ["fragment:breaking:en"]
    assert not [path for path in PAGES if "The dam has broken" in reader.text(path)]


def test_it_ends_by_itself_though_nobody_does_anything(story, press, reader):  # noqa: F811
    press.run_dry()
    banner = on(link=to_story(story), lasts=HOUR)
    press.run_dry()
    with time_machine.travel(banner.until - datetime.timedelta(seconds=5), tick=False):
        press.run_dry()
        assert "The dam has broken" in reader.text("/")
    with time_machine.travel(banner.until + datetime.timedelta(seconds=1), tick=False):
        press.step()
        assert "The dam has broken" not in reader.text("/")
        press.run_dry()
        assert press.shelf.state()["missed"] == 0
    banner.refresh_from_db()
    assert banner.ended_at is None


def test_nothing_at_all_stands_there_while_nothing_breaks(newsroom):
    assert breaking("en") == ""


def test_the_piece_says_until_when_it_is_good_and_what_it_is_made_from(story):
    banner = on(link=to_story(story))
    with collecting() as read:
        assert "Breaking" in breaking("en")
    assert read.until == banner.until and read.undeclared == []
    assert {f"page:{story.pk}:card", "list:breaking:en"} <= read.keys


def test_each_edition_has_its_own_in_its_own_words(newsroom):
    on("Dam", language="en")
    on("Гребля", language="uk")
    assert "Dam" in breaking("en") and "Гребля" not in breaking("en")
    with translation.override("uk"):
        assert "Терміново" in breaking("uk") and "Гребля" in breaking("uk")


def test_words_are_never_taken_for_markup(newsroom):
    on("<script>alert(1)</script>", Link(url="https://example.org/?a=1&b=2"))
    said = breaking("en")
    assert "&lt;script&gt;" in said and "<script" not in said
    assert 'href="https://example.org/?a=1&amp;b=2" rel="noopener"' in said


# --- the later replaces the earlier -----------------------------------------------------------


def test_the_later_replaces_the_earlier_and_the_history_shows_both(newsroom, signed_in):
    anna = signed_in("desk-chief").user
    first = on("Dam cracks", by=anna)
    switched = actions.switch_on(uuid.uuid4(), "en", "Dam breaks", by=anna)
    assert switched.replaced == first
    assert "Dam breaks" in breaking("en") and "Dam cracks" not in breaking("en")
    assert history() == [
        ("on", "Dam cracks (en)"),
        ("replaced", "Dam cracks (en)"),
        ("on", "Dam breaks (en)"),
    ]
    assert actions.switch_off(switched.banner.pk, anna)
    assert breaking("en") == ""  # the earlier one does not come back
    assert not actions.switch_off(first.pk, anna)


def test_a_form_sent_twice_is_one_banner(newsroom):
    key = uuid.uuid4()
    first = actions.switch_on(key, "en", "Dam")
    again = actions.switch_on(key, "en", "Dam")
    assert again == actions.Switched(first.banner) and Banner.objects.count() == 1
    assert history() == [("on", "Dam (en)")]


def test_of_two_at_the_same_moment_readers_see_the_one_that_came_last(newsroom):
    now, locale = timezone.now(), Locale.objects.get(language_code="en")
    for text in ("one", "two"):
        Banner.objects.create(locale=locale, text=text, since=now, until=now + HOUR)
    assert "two" in breaking("en") and "one" not in breaking("en")


@pytest.mark.parametrize("lasts", [datetime.timedelta(0), datetime.timedelta(hours=24, seconds=1)])
def test_no_banner_lasts_longer_than_a_day(newsroom, lasts):
    with pytest.raises(ValueError, match="within a day"):
        on(lasts=lasts)


# --- what it leads to ---------------------------------------------------------------------------


def test_it_ends_with_the_takedown_of_its_story_at_once(story, press, reader):  # noqa: F811
    press.run_dry()
    on(link=to_story(story))
    press.run_dry()
    takedowns.take_down(kinds.named("story"), story, reason="She is in danger.", name="anna")
    press.step()
    assert not [path for path in PAGES if "The dam has broken" in reader.text(path)]
    press.run_dry()
    assert breaking("en") == "" and history()[-1][0] == "ended"


def test_a_list_of_takedowns_alone_blanks_it_before_the_database_is_asked(story, press, reader):  # noqa: F811
    press.run_dry()
    on(link=to_story(story))
    press.run_dry()
    kind = kinds.named("story")
    held = takedowns.described(kind, story)
    press.shelf.withhold(held["paths"], held["keys"])
    assert "The dam has broken" not in reader.text("/")


def test_a_story_published_again_does_not_bring_it_back(story):
    on(link=to_story(story))
    StoryPage.objects.get(pk=story.pk).unpublish()
    assert breaking("en") == "" and history()[-1][0] == "ended"
    StoryPage.objects.get(pk=story.pk).save_revision().publish()
    assert breaking("en") == ""


def test_a_deleted_or_restricted_story_takes_it_along(story, section):
    on(link=to_story(story))
    restricted = PageViewRestriction.objects.create(
        page=section, restriction_type=PageViewRestriction.LOGIN
    )
    assert breaking("en") == ""
    restricted.delete()
    assert "The dam has broken" in breaking("en")
    StoryPage.objects.get(pk=story.pk).delete()
    assert breaking("en") == "" and history()[-1][0] == "ended"


def test_it_ends_with_its_brief(newsroom):
    brief = a_brief(newsroom.locale)
    link = to_address(brief.get_absolute_url())
    assert link == Link("brief", str(brief.pk))
    on(link=link)
    assert f'href="/news-feed/{brief.pk}/"' in breaking("en")
    brief.unpublish()
    assert breaking("en") == "" and history()[-1][0] == "ended"


def test_a_story_under_embargo_is_refused_in_plain_words(section):
    until = timezone.now() + HOUR
    story = a_story(section, "Secret", live=False, slug="secret", embargo_until=until)
    for attempt in (lambda: to_story(story), lambda: to_address("/news/secret/")):
        with pytest.raises(NotForReadersError, match=r"“Secret” is under embargo until .*Nothing"):
            attempt()


def test_what_readers_cannot_read_is_refused(section, data):  # noqa: F811
    draft = a_story(section, "Draft", live=False)
    with pytest.raises(NotForReadersError, match="Publish it first"):
        to_story(draft)
    later = a_brief(section.locale, published_at=timezone.now() + HOUR)
    with pytest.raises(NotForReadersError, match="Publish it first"):
        to_address(later.get_absolute_url())
    with pytest.raises(NotForReadersError, match="no page"):
        to_address("/media/pictures/a.jpg")
    gone = a_story(section, "Gone", slug="gone")
    takedowns.take_down(kinds.named("story"), gone, reason="No.", name="anna")
    gone.refresh_from_db()
    with pytest.raises(NotForReadersError, match="was taken down"):
        to_address("/news/gone/")


@pytest.mark.parametrize(
    "path", ["/nwes/", "/news/dam-braeks/", "/news-feed/999999/", "/uk/nowhere"]
)
def test_a_slip_of_the_finger_leads_nobody_into_nothing(story, path):
    with pytest.raises(NotForReadersError, match="Readers have no page at that address"):
        to_address(path)


def test_pages_that_are_no_stories_are_led_to(story):
    Redirect.add_redirect("/old/", "/news/")
    for path in ("/", "/news/", "/news", "/news-feed/before/12/", "/search/", "/old/", "/archive/"):
        assert to_address(path) == Link(url=path), path


def test_a_story_is_known_by_any_of_its_addresses(story, settings):
    known = Link("story", str(story.pk))
    assert to_address("/news/dam-breaks/") == known
    assert to_address(f"{settings.PUBLIC_URL}/news/dam-breaks/") == known
    assert to_address(" /news/dam-breaks/#update ") == Link("story", str(story.pk), "#update")
    assert to_address("") == Link() and to_address("/news-feed/") == Link(url="/news-feed/")
    assert to_address("https://example.org/a") == Link(url="https://example.org/a")


@pytest.mark.parametrize(
    "typed",
    ["javascript:alert(1)", "//evil.example/", "/\\evil.example", "data:,x", "dam", "ftp://a"],
)
def test_what_is_no_address_is_refused(newsroom, typed):
    with pytest.raises(Exception, match="whole address"):
        to_address(typed)


# --- at the desk ---------------------------------------------------------------------------------


def send(client, **said):
    fields = {"text": "Dam breaks", "language": "en", "minutes": 120, "key": uuid.uuid4(), **said}
    return client.post(reverse("breaking"), fields)


def told(answer) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def test_it_is_switched_on_from_a_story_and_off_with_one_button(story, signed_in):
    client = signed_in("editor")
    address = f"{reverse('breaking')}?story={story.pk}"
    for page in (
        reverse("wagtailadmin_pages:edit", args=[story.pk]),
        reverse("wagtailadmin_explore", args=[story.get_parent().pk]),
    ):
        assert address in client.get(page).content.decode().replace("&amp;", "&"), page
    form = client.get(address).context["form"]
    assert form["text"].value() == "Dam breaks" and form["story"].value() == story.pk
    answer = send(client, story=story.pk)
    assert answer.status_code == 302 and "on every page until" in told(answer)
    banner = Banner.objects.get()
    assert banner.by == client.user and banner.until - banner.since == 2 * HOUR
    page = client.get(reverse("wagtailadmin_home")).content.decode()
    off = reverse("breaking_off", args=[banner.pk])
    assert f'action="{off}"' in page
    assert "is off" in told(client.post(off)) and breaking("en") == ""
    assert "had ended already" in told(client.post(off))


def test_who_comes_second_is_told_what_was_replaced(newsroom, signed_in):
    client = signed_in("producer")
    send(client, text="Dam cracks")
    assert "It replaced “Dam cracks”." in told(send(client, text="Dam breaks"))


def test_the_banner_that_is_on_can_be_changed_or_prolonged(story, signed_in):
    client = signed_in("editor")
    banner = on("Dam", to_story(story))
    form = client.get(f"{reverse('breaking')}?again={banner.pk}").context["form"]
    assert form["text"].value() == "Dam" and form["story"].value() == story.pk
    assert form["address"].value() is None
    elsewhere = on("Dam", Link(url="https://example.org/"))
    form = client.get(f"{reverse('breaking')}?again={elsewhere.pk}").context["form"]
    assert form["address"].value() == "https://example.org/"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"text": ""}, "Write what is breaking"),
        ({"text": "x" * 101}, "at most 100"),
        ({"address": "nowhere"}, "whole address"),
        ({"minutes": 100000}, "valid choice"),
        ({"language": "xx"}, "valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_switched_on(newsroom, signed_in, said, why):
    answer = send(signed_in("editor"), **said)
    assert answer.status_code == 200 and why in answer.content.decode()
    assert not Banner.objects.exists()


def test_an_unpublished_story_and_one_of_another_language_are_refused(section, signed_in):
    client = signed_in("editor")
    draft = a_story(section, "Draft", live=False)
    assert "Publish it first" in send(client, story=draft.pk).content.decode()
    story = a_story(section, "Out")
    assert "another language" in send(client, story=story.pk, language="uk").content.decode()
    both = send(client, story=story.pk, address="/news-feed/").content.decode()
    assert "not both" in both and not Banner.objects.exists()


def test_a_reporter_neither_sees_nor_switches_it(story, signed_in):
    banner = on("Dam")
    client = signed_in("reporter")
    assert client.get(reverse("breaking")).status_code == 302
    assert send(client).status_code == 302
    client.post(reverse("breaking_off", args=[banner.pk]))
    assert reverse("breaking") not in client.get(reverse("wagtailadmin_home")).content.decode()
    assert list(Banner.objects.all()) == [banner] and "Dam" in breaking("en")
