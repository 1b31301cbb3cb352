"""What editors do to a newsroom, each as they do it: through the admin, or the action behind it.

``CHANGES`` maps a sentence to a function of the newsroom, of chance, and of an editor's client.
Each picks what it changes and changes it; one that finds nothing to change does nothing.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from random import Random

from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Page, PageViewRestriction, Site

from nightdesk.briefs.actions import correct_brief, send_brief
from nightdesk.briefs.models import Brief
from nightdesk.coverage import actions as coverage_actions
from nightdesk.coverage.models import Coverage, Entry
from nightdesk.fronts.breaking import actions as breaking
from nightdesk.fronts.breaking.links import to_story
from nightdesk.fronts.breaking.models import Banner
from nightdesk.fronts.models import EditorsPicks, HomePage, Pick, TopStory
from nightdesk.media.models import Picture
from nightdesk.newsletters.models import Edition, Newsletter
from nightdesk.people.models import Author, Desk
from nightdesk.press import schedule
from nightdesk.stories.corrections import Correction, Place
from nightdesk.stories.models import SectionPage, StoryByline, StoryPage, Topic
from nightdesk.stories.versions import changed_stories
from tests.making import a_picture
from tests.newsletters.composing import an_edition, sent

Change = Callable[[Random, Client], None]

CHANGES: dict[str, Change] = {}


def change(function: Change) -> Change:
    CHANGES[function.__name__] = function
    return function


def some(chance: Random, rows):
    return chance.choice(list(rows.order_by("pk")))


def a_live_story(chance: Random) -> StoryPage:
    return some(chance, StoryPage.objects.filter(live=True))


def publish(page: Page) -> None:
    page.save_revision().publish()


def word(chance: Random) -> str:
    return f"word{chance.randrange(10**6)}"


@change
def publish_a_new_story(chance, client):
    section = some(chance, SectionPage.objects.all())
    story = StoryPage(title=f"New {word(chance)}", locale=section.locale, live=False)
    story.body = [("text", "<p>Fresh.</p>")]
    story.bylines = [StoryByline(author=some(chance, Author.objects.filter(locale=story.locale)))]
    topics = list(Topic.objects.filter(locale=story.locale))
    story.topics = [chance.choice(topics)] if topics else []
    publish(section.add_child(instance=story))


@change
def publish_the_story_that_a_card_waits_for(chance, client):
    section = SectionPage.objects.filter(locale__language_code="en").first()
    if not StoryPage.objects.filter(title="The headline to come").exists():
        publish(section.add_child(instance=StoryPage(title="The headline to come", live=False)))


@change
def save_a_draft(chance, client):
    story = a_live_story(chance)
    story.title = "Not for readers"
    story.save_revision()


@change
def correct_a_text(chance, client):
    story = a_live_story(chance)
    story.body = [("text", f"<p>Corrected: {word(chance)}.</p>")]
    publish(story)


@change
def change_a_headline(chance, client):
    story = a_live_story(chance)
    story.title = f"Headline {word(chance)}"
    publish(story)


@change
def tell_of_an_update(chance, client):
    story = a_live_story(chance)
    story.update_matters = True
    publish(story)


def a_corrected_story(chance: Random) -> StoryPage | None:
    rows = Correction.objects.filter(page__live=True, page__alias_of=None)
    return some(chance, rows).page if rows.exists() else None


def _correct(chance, story, **fields):
    draft = story.get_latest_revision_as_object()
    draft.corrections.add(Correction(words=f"It was {word(chance)}.", **fields))
    publish(draft)


@change
def correct_a_story(chance, client):
    _correct(chance, a_live_story(chance), place=chance.choice(Place.values))


@change
def retract_a_story(chance, client):
    _correct(chance, a_live_story(chance), kind="retraction")


@change
def say_an_old_correction_in_other_words(chance, client):
    story = a_corrected_story(chance)
    if story is None:
        return
    draft = story.get_latest_revision_as_object()
    for said in draft.corrections.all():
        said.words, said.kind = f"Rather {word(chance)}.", "clarification"
    publish(draft)


@change
def take_a_correction_back(chance, client):
    story = a_corrected_story(chance)
    if story is None:
        return
    draft = story.get_latest_revision_as_object()
    draft.corrections = []
    publish(draft)


@change
def hide_what_a_story_said_before(chance, client):
    numbers = sorted(changed_stories().values_list("story", flat=True))
    if not numbers:
        return
    number = chance.choice(numbers)
    url = f"/admin/stories/{number}/versions/"
    assert client.post(url, {"hidden": ["1"]}).status_code == 302


@change
def change_who_signs(chance, client):
    story = a_live_story(chance)
    author = some(chance, Author.objects.filter(locale=story.locale))
    story.bylines = [StoryByline(author=author)]
    publish(story)


@change
def let_a_desk_sign(chance, client):
    story = some(chance, StoryPage.objects.filter(live=True, locale__language_code="en"))
    story.bylines = [StoryByline(desk=some(chance, Desk.objects.all()))]
    publish(story)


@change
def change_topics(chance, client):
    story = some(chance, StoryPage.objects.filter(live=True, locale__language_code="en"))
    story.topics = chance.sample(list(Topic.objects.filter(locale=story.locale)), 1)
    publish(story)


@change
def change_a_slug(chance, client):
    story = a_live_story(chance)
    story.slug = word(chance)
    publish(story)


@change
def change_the_slug_of_a_section(chance, client):
    section = some(chance, SectionPage.objects.all())
    section.slug = word(chance)
    publish(section)


@change
def rename_a_section(chance, client):
    section = some(chance, SectionPage.objects.all())
    section.title, section.intro = f"Section {word(chance)}", word(chance)
    publish(section)


@change
def open_a_section(chance, client):
    home = HomePage.objects.first()
    publish(home.add_child(instance=SectionPage(title=f"Opened {word(chance)}", live=False)))


@change
def put_the_sections_in_another_order(chance, client):
    first, *_, last = SectionPage.objects.child_of(HomePage.objects.first()).order_by("path")
    url = f"/admin/pages/{last.pk}/set_position/?position=0"
    assert client.post(url).status_code == 200
    assert last.pk == first.get_parent().get_children().first().pk


@change
def unpublish_a_story(chance, client):
    story = a_live_story(chance)
    assert client.post(f"/admin/pages/{story.pk}/unpublish/").status_code == 302


@change
def publish_an_unpublished_story_again(chance, client):
    story = StoryPage.objects.filter(live=False).order_by("pk").first()
    if story:
        publish(story)


@change
def delete_a_story(chance, client):
    story = a_live_story(chance)
    assert client.post(f"/admin/pages/{story.pk}/delete/").status_code == 302


@change
def move_a_story(chance, client):
    story = a_live_story(chance)
    others = SectionPage.objects.filter(locale=story.locale_id).exclude(pk=story.get_parent().pk)
    if others.exists():
        url = f"/admin/pages/{story.pk}/move/{some(chance, others).pk}/confirm/"
        assert client.post(url).status_code == 302


@change
def move_a_story_back_in_time(chance, client):
    story = a_live_story(chance)
    story.first_published_at -= datetime.timedelta(days=chance.randrange(1, 90))
    publish(story)


@change
def make_a_story_private(chance, client):
    url = f"/admin/pages/{a_live_story(chance).pk}/privacy/"
    assert client.post(url, {"restriction_type": "login"}).status_code == 200
    assert PageViewRestriction.objects.exists()


@change
def make_a_section_private(chance, client):
    section = some(chance, SectionPage.objects.filter(live=True))
    url = f"/admin/pages/{section.pk}/privacy/"
    assert client.post(url, {"restriction_type": "login"}).status_code == 200


@change
def make_everything_public_again(chance, client):
    for restriction in PageViewRestriction.objects.all():
        url = f"/admin/pages/{restriction.page_id}/privacy/"
        assert client.post(url, {"restriction_type": "none"}).status_code == 200
    assert not PageViewRestriction.objects.exists()


@change
def schedule_a_story_and_let_the_clock_publish_it(chance, client):
    now = timezone.now()
    section = some(chance, SectionPage.objects.all())
    story = section.add_child(
        instance=StoryPage(title=f"Due {word(chance)}", locale=section.locale, live=False)
    )
    story.go_live_at = now + datetime.timedelta(minutes=1)
    story.save_revision(approved_go_live_at=story.go_live_at)
    story.get_latest_revision().publish()
    assert schedule.publish_due(now + datetime.timedelta(minutes=2)) == 1


@change
def let_a_story_expire(chance, client):
    story = a_live_story(chance)
    story.expire_at = timezone.now() + datetime.timedelta(minutes=1)
    publish(story)
    assert schedule.expire_due(timezone.now() + datetime.timedelta(minutes=2)) == 1


@change
def rename_an_author(chance, client):
    author = some(chance, Author.objects.all())
    author.name, author.role = f"Name {word(chance)}", word(chance)
    author.save()


@change
def change_the_address_of_an_author(chance, client):
    author = some(chance, Author.objects.all())
    author.slug = word(chance)
    author.save()


@change
def move_an_author_to_another_desk(chance, client):
    author = some(chance, Author.objects.filter(locale__language_code="en"))
    author.desk = some(chance, Desk.objects.all())
    author.save()


@change
def rename_a_desk(chance, client):
    desk = some(chance, Desk.objects.all())
    desk.name = f"Desk {word(chance)}"
    desk.save()


@change
def rename_a_topic(chance, client):
    topic = some(chance, Topic.objects.all())
    topic.name, topic.slug = f"Topic {word(chance)}", word(chance)
    topic.save()


@change
def delete_a_topic(chance, client):
    if Topic.objects.count() > 1:
        some(chance, Topic.objects.all()).delete()


@change
def choose_the_top_of_the_front_page(chance, client):
    home = HomePage.objects.first()
    home.top_stories = [TopStory(story=a_live_story(chance))]
    publish(home)


@change
def call_the_newsroom_something_else(chance, client):
    home = HomePage.objects.first()
    home.title = f"The {word(chance)} Post"
    publish(home)


@change
def choose_picks(chance, client):
    board = EditorsPicks.objects.get(locale__language_code="en")
    now = timezone.now()
    board.picks = [
        Pick(story=a_live_story(chance), ends_at=now + datetime.timedelta(hours=2)),
        Pick(story=a_live_story(chance), starts_at=now + datetime.timedelta(hours=1)),
    ]
    board.save()


def _break(chance: Random) -> None:
    import uuid

    story = some(chance, StoryPage.readable().filter(locale__language_code="en"))
    link = to_story(story)
    breaking.switch_on(uuid.UUID(int=chance.getrandbits(128)), "en", word(chance), link)


@change
def switch_a_banner_on_over_another(chance, client):
    _break(chance)
    _break(chance)


@change
def switch_a_banner_off(chance, client):
    _break(chance)
    breaking.switch_off(Banner.running(timezone.now()).first().pk, None)


@change
def unpublish_the_story_of_the_banner(chance, client):
    _break(chance)
    story = Banner.running(timezone.now()).first().thing
    assert client.post(f"/admin/pages/{story}/unpublish/").status_code == 302


@change
def change_the_words_below_a_picture(chance, client):
    picture = some(chance, Picture.objects.all())
    picture.caption = picture.credit = picture.alt = word(chance)
    picture.sensitive = not picture.sensitive
    picture.save()


@change
def give_a_story_another_picture(chance, client):
    story = a_live_story(chance)
    story.lead_picture = a_picture(word(chance))
    publish(story)


@change
def delete_a_picture(chance, client):
    picture = some(chance, Picture.objects.all())
    if Picture.objects.count() > 2:
        assert client.post(f"/admin/images/{picture.pk}/delete/").status_code == 302


@change
def send_a_brief(chance, client):
    send_brief(uuid.UUID(int=chance.getrandbits(128)), "en", f"Brief {word(chance)}.")


@change
def announce_a_brief_for_later(chance, client):
    Brief.objects.create(
        locale=Locale.objects.get(language_code="en"),
        text=f"Later {word(chance)}.",
        published_at=timezone.now() + datetime.timedelta(minutes=90),
    )


@change
def correct_a_brief(chance, client):
    brief = some(chance, Brief.objects.filter(live=True))
    if chance.random() < 0.5:
        key = uuid.UUID(int=chance.getrandbits(128))
        correct_brief(brief.pk, text=f"Right {word(chance)}.", note="It was wrong.", key=key)
        return
    brief.text = f"Corrected {word(chance)}."
    brief.story = a_live_story(chance)
    brief.save_revision().publish()


@change
def withdraw_a_brief(chance, client):
    brief = some(chance, Brief.objects.filter(live=True))
    url = f"/admin/snippets/briefs/brief/unpublish/{brief.pk}/"
    assert client.post(url).status_code == 302


@change
def delete_a_brief(chance, client):
    some(chance, Brief.objects.all()).delete()


@change
def tell_what_a_brief_is_about(chance, client):
    some(chance, Brief.objects.all()).topics.set([some(chance, Topic.objects.all())])


def a_live_entry(chance: Random) -> Entry:
    """One of a coverage under way, not of the News Feed; a fresh one when none is left."""
    rows = Entry.public().filter(brief=None, coverage__ended_at=None)
    if rows.exists():
        return some(chance, rows)
    coverage = some(chance, Coverage.objects.filter(live=True))
    return coverage_actions.send_entry(a_key(chance), coverage.pk, "More.")[0]


def a_key(chance: Random) -> uuid.UUID:
    return uuid.UUID(int=chance.getrandbits(128))


@change
def send_an_update(chance, client):
    coverage = some(chance, Coverage.objects.filter(live=True))
    coverage_actions.send_entry(a_key(chance), coverage.pk, f"Update {word(chance)}.")


@change
def correct_an_update(chance, client):
    entry, key = a_live_entry(chance), a_key(chance)
    coverage_actions.correct_entry(entry.pk, text=word(chance), note="It was wrong.", key=key)


@change
def withdraw_an_update(chance, client):
    coverage_actions.withdraw_entry(a_live_entry(chance).pk, key=a_key(chance))


@change
def pin_and_mark_an_update(chance, client):
    entry = a_live_entry(chance)
    coverage_actions.pin_entry(entry.pk, not entry.pinned)
    coverage_actions.mark_key(entry.pk, not entry.is_key)


@change
def end_or_reopen_a_coverage(chance, client):
    coverage = some(chance, Coverage.objects.filter(live=True))
    verb = coverage_actions.reopen_coverage if coverage.ended_at else coverage_actions.end_coverage
    verb(coverage.pk)


@change
def start_a_coverage(chance, client):
    coverage_actions.start_coverage(a_key(chance), "en", f"Event {word(chance)}")


@change
def withdraw_a_coverage(chance, client):
    if Coverage.objects.filter(live=True).count() > 1:
        coverage = some(chance, Coverage.objects.filter(live=True))
        url = f"/admin/snippets/coverage/coverage/unpublish/{coverage.pk}/"
        assert client.post(url).status_code == 302


@change
def give_a_coverage_another_address_and_summary(chance, client):
    coverage = some(chance, Coverage.objects.filter(live=True))
    coverage.slug, coverage.summary = word(chance), f"<p>{word(chance)}</p>"
    coverage.save_revision().publish()


@change
def change_a_newsletter(chance, client):
    letter = some(chance, Newsletter.objects.all())
    letter.name, letter.host = word(chance), some(chance, Author.objects.all())
    letter.offered = chance.random() < 0.7
    letter.save()


@change
def send_an_edition(chance, client):
    letter = some(chance, Newsletter.objects.all())
    blocks = [("story", a_live_story(chance)), ("brief", some(chance, Brief.objects.all()))]
    correcting = some(chance, Edition.out()) if chance.random() < 0.3 else None
    sent(an_edition(letter, *blocks, subject=word(chance), corrects=correcting))


@change
def lead_an_old_address_somewhere(chance, client):
    Redirect.add_redirect(f"/{word(chance)}/", redirect_to=a_live_story(chance))


@change
def remove_a_redirect(chance, client):
    redirect = Redirect.objects.order_by("pk").first()
    if redirect:
        redirect.delete()


@change
def name_the_site(chance, client):
    site = Site.objects.get()
    site.site_name = word(chance)
    site.save()
