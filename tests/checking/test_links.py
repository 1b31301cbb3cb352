"""A link for checking shows one draft to whoever has it, and nothing to anybody else."""

from __future__ import annotations

import datetime
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Comment, PageLogEntry

from nightdesk.checking import actions
from nightdesk.checking.models import CheckLink
from nightdesk.press import clock, pages
from nightdesk.stories.models import RESERVED_SLUGS, StoryPage
from tests.making import a_picture, a_story

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


@pytest.fixture
def editor(signed_in):
    return signed_in("editor")


@pytest.fixture
def stranger():
    return Client()


@pytest.fixture
def lead():
    return a_picture("The gates at night")


@pytest.fixture
def inside():
    return a_picture("The gates by day")


@pytest.fixture
def story(section, lead, inside):
    body = [
        ("text", "<p>The lower gates stay shut.</p>"),
        ("picture", {"picture": inside, "caption": "", "credit": ""}),
    ]
    story = a_story(section, "Flood gates", live=False, lead_picture=lead, body=body)
    story.save_revision()
    return StoryPage.objects.get(pk=story.pk)


@pytest.fixture
def shared(story, editor):
    link, token = actions.share(story, editor.user, 3 * DAY, "Our lawyer")
    return link, f"/check/{token}/"


def text_of(response):
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode()


def is_gone(answer):
    return answer.status_code == 410 and "Flood gates" not in text_of(answer)


def test_whoever_has_the_link_reads_the_draft_with_its_pictures(stranger, shared, lead, inside):
    page = text_of(stranger.get(shared[1]))
    assert "The lower gates stay shut." in page
    assert "A draft, shared with you for checking." in page
    assert "/media/" not in page
    for picture in (lead, inside):
        name = picture.files()[0]
        assert f"{shared[1]}{name}" in page
        assert text_of(stranger.get(f"{shared[1]}{name}")) == "a picture's bytes"
        assert stranger.get(f"/media/{name}").status_code == 404


def test_no_other_picture_is_read_under_the_link(stranger, shared):
    other = a_picture("Somebody else's")
    assert is_gone(stranger.get(f"{shared[1]}{other.files()[0]}"))
    assert is_gone(stranger.get(f"{shared[1]}{other.file.name}"))


def test_it_is_stored_by_nobody_and_tells_nobody_where_one_came_from(stranger, shared, lead):
    ended = "/check/aaaaaaaaaaaaaaaaaaaaaaaaaa/"
    for address in (shared[1], f"{shared[1]}{lead.files()[0]}", ended):
        answer = stranger.get(address)
        answer.close()
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "/check/" in pages.live.prefixes()
    assert "check" in RESERVED_SLUGS
    page = text_of(stranger.get(shared[1]))
    assert '<meta name="robots" content="noindex, nofollow">' in page
    assert 'rel="canonical"' not in page and "og:title" not in page


def test_it_stays_as_it_was_when_it_was_shared(stranger, shared, story, editor):
    """Automatic saving writes over the newest version; notes are the newsroom's."""
    story.title = "The gates open"
    story.save_revision(overwrite_revision=story.get_latest_revision())
    story.save_revision()
    page = text_of(stranger.get(shared[1]))
    assert "Flood gates" in page and "The gates open" not in page


def test_notes_are_not_shared(stranger, story, editor):
    Comment.objects.create(page=story, user=editor.user, text="Who says so?", contentpath="title")
    story.save_revision()
    link, token = actions.share(story, editor.user, DAY)
    assert "Who says so?" not in text_of(stranger.get(f"/check/{token}/"))
    assert "Who says so?" not in str(link.content)


def test_the_token_is_random_and_only_its_hash_is_kept(shared):
    token = shared[1].split("/")[2]
    assert re.fullmatch(r"[a-z2-9]{26}", token)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM checking_checklink")
        assert token not in str(cursor.fetchall())
    assert token not in str(list(PageLogEntry.objects.values()))


def test_expired_revoked_deleted_and_invented_answer_alike(stranger, story, editor):
    tokens = {}
    for name in ("revoked", "expired", "switched off"):
        link, tokens[name] = actions.share(story, editor.user, DAY)
        if name == "revoked":
            actions.end(link, editor.user)
    tokens["invented"] = "b" * 26
    tokens["malformed"] = "..%2Fadmin"
    with time_machine.travel(timezone.now() + 2 * DAY):
        answers = {name: stranger.get(f"/check/{token}/") for name, token in tokens.items()}
    texts = {
        text_of(answer).replace(token, "")
        for (name, token), answer in zip(tokens.items(), answers.values(), strict=True)
    }
    assert {answer.status_code for answer in answers.values()} == {410}
    assert len(texts) == 1
    page = texts.pop()
    assert "This link has ended" in page and "Flood gates" not in page


@pytest.mark.parametrize("ending", ["takedown", "deletion", "expiry", "its maker leaves"])
def test_a_link_ends_with(ending, stranger, shared, story, editor, lead):
    assert stranger.get(shared[1]).status_code == 200
    moment = timezone.now()
    if ending == "takedown":
        story.get_latest_revision().publish()
        StoryPage.objects.get(pk=story.pk).unpublish()
    elif ending == "deletion":
        story.delete()
    elif ending == "expiry":
        moment += 3 * DAY
    else:
        editor.user.is_active = False
        editor.user.save()
    with time_machine.travel(moment):
        assert is_gone(stranger.get(shared[1]))
        assert is_gone(stranger.get(f"{shared[1]}{lead.files()[0]}"))


def test_what_was_shared_is_forgotten_once_the_link_has_ended(shared, story, editor):
    revoked, _token = actions.share(story, editor.user, DAY)
    actions.end(revoked)
    with time_machine.travel(timezone.now() + 4 * DAY):
        assert clock.tick()["forget what was shared"] == 1
        assert clock.tick()["forget what was shared"] == 0
    assert set(CheckLink.objects.values_list("content", flat=True)) == {None}


def test_a_link_lasts_from_an_hour_to_a_fortnight(story, editor):
    for lasts in (datetime.timedelta(minutes=59), 15 * DAY):
        with pytest.raises(ValueError, match="fortnight"):
            actions.share(story, editor.user, lasts)


def test_an_editor_shares_sees_who_opened_it_and_revokes(editor, stranger, story):
    form = reverse("wagtailadmin_pages:edit", args=[story.pk])
    address = reverse("check_links", args=[story.pk])
    assert address in text_of(editor.get(form))
    assert 'value="72" selected' in text_of(editor.get(address))
    page = text_of(editor.post(address, {"for_whom": "The mayor's office", "hours": "24"}))
    shown = re.search(r'value="https?://[^/]+(/check/[^"]+)"', page)
    assert shown
    link = CheckLink.objects.get()
    assert link.expires_at - link.made_at == DAY
    page = text_of(editor.get(address))
    assert shown[1] not in page and "not yet" in page and "The mayor&#x27;s office" in page
    stranger.get(shown[1])
    assert "not yet" not in text_of(editor.get(address))
    revoke = reverse("revoke_check_link", args=[link.pk])
    assert editor.get(revoke).status_code == 405
    page = text_of(editor.post(revoke, follow=True))
    assert "That link has ended" in page and "has ended</td>" in page.replace("\n", "")
    assert is_gone(stranger.get(shown[1]))
    history = text_of(editor.get(reverse("wagtailadmin_pages:history", args=[story.pk])))
    assert "Shared a draft for checking" in history
    assert "Ended a link for checking" in history


def test_who_may_not_edit_the_story_may_not_share_it(signed_in, story, editor):
    link, _token = actions.share(story, editor.user, DAY)
    reporter = signed_in("reporter")
    for address in (
        reverse("check_links", args=[story.pk]),
        reverse("revoke_check_link", args=[link.pk]),
    ):
        reporter.post(address, {"for_whom": "", "hours": "24"})
    assert list(CheckLink.open_at(timezone.now())) == [link]


def test_a_draft_of_a_live_story_is_shared_and_readers_keep_theirs(stranger, section, editor):
    live = a_story(section, "As it is")
    live.title = "As it will be"
    live.save_revision()
    _link, token = actions.share(live, editor.user, DAY)
    assert "As it will be" in text_of(stranger.get(f"/check/{token}/"))
    assert "As it will be" not in text_of(stranger.get(live.url))


def test_it_takes_nothing_but_reading(stranger, shared):
    assert stranger.post(shared[1]).status_code == 405
    assert stranger.head(shared[1]).status_code == 200


def test_a_ukrainian_draft_is_shared_in_ukrainian(stranger, newsroom, section, editor):
    from wagtail.models import Locale

    ukrainian = Locale.objects.get(language_code="uk")
    place = section.copy_for_translation(ukrainian)
    place.save_revision().publish()
    story = a_story(type(section).objects.get(pk=place.pk), "Шлюзи зачинено", live=False)
    _link, token = actions.share(story, editor.user, DAY)
    page = text_of(stranger.get(f"/check/{token}/"))
    assert '<html lang="uk"' in page and "Чернетка, якою з вами поділилися" in page
