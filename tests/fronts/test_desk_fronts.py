"""Editors' Picks, the front page, the menu and the first page of the admin."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from nightdesk.fronts.models import EditorsPicks, HomePage
from nightdesk.stories.models import SectionPage, StoryPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def producer(signed_in):
    return signed_in("desk-chief")


@pytest.fixture
def stories(section):
    made = [StoryPage(title=title, live=False) for title in ("one", "two", "three")]
    for story in made:
        section.add_child(instance=story)
        story.save_revision().publish()
    return StoryPage.objects.order_by("pk")


@pytest.fixture
def board(newsroom):
    return EditorsPicks.objects.get(locale=newsroom.locale)


def choose(client, board, *picks):
    edit = reverse(EditorsPicks.snippet_viewset.get_url_name("edit"), args=[board.pk])
    rows = [{"story": story.pk, "starts_at": start, "ends_at": end} for story, start, end in picks]
    return client.post(edit, nested_form_data({"picks": inline_formset(rows)}))


def test_the_menu_leads_straight_to_the_board(producer, board):
    answer = producer.get(reverse("picks_board"))
    assert answer.url.endswith(f"/edit/{board.pk}/")
    assert producer.get(answer.url).status_code == 200


def test_picks_stand_in_the_editors_order(producer, board, stories):
    one, _two, three = stories
    choose(producer, board, (three, "", ""), (one, "", ""))
    assert [story.title for story in EditorsPicks.shown("en", slots=2)] == ["three", "one"]


def test_a_story_chosen_twice_is_refused(producer, board, stories):
    page = choose(producer, board, (stories[0], "", ""), (stories[0], "", "")).content.decode()
    assert "This story is already in the list above." in page
    assert not board.picks.exists()


def test_an_end_before_its_start_is_refused(producer, board, stories):
    page = choose(producer, board, (stories[0], "2026-05-02 10:00", "2026-05-02 09:00"))
    assert "The end must come after the start." in page.content.decode()


def test_a_story_in_another_language_is_refused(producer, board):
    home = HomePage.objects.get(locale__language_code="uk")
    section = home.add_child(instance=SectionPage(title="Новини", slug="novyny"))
    story = section.add_child(instance=StoryPage(title="Повінь", slug="повінь"))
    assert "another language" in choose(producer, board, (story, "", "")).content.decode()


def test_the_top_of_the_front_page_takes_no_story_twice(producer, newsroom, stories):
    edit = reverse("wagtailadmin_pages:edit", args=[newsroom.pk])
    assert producer.get(reverse("front_page")).url == edit
    rows = inline_formset([{"story": stories[0].pk}, {"story": stories[0].pk}])
    sent = {"title": "The Test Post", "slug": newsroom.slug, "top_stories": rows}
    data = nested_form_data({**sent, "comments": inline_formset([])})
    page = producer.post(edit, {**data, "action-publish": "1"})
    assert "already in the list above" in page.content.decode()


def test_an_editor_of_stories_does_not_rearrange_the_front_page(signed_in, newsroom, section):
    editor = signed_in("editor")
    assert editor.get(reverse("wagtailadmin_pages:edit", args=[newsroom.pk])).status_code == 302
    assert (
        editor.get(reverse("wagtailadmin_pages:add_subpage", args=[newsroom.pk])).status_code == 302
    )
    assert newsroom.permissions_for_user(editor.user).can_edit() is False
    assert section.permissions_for_user(editor.user).can_add_subpage() is True


def test_sections_are_put_in_order_where_the_menu_leads(producer, newsroom):
    page = producer.get(reverse("sections"), follow=True)
    assert "ordering=ord" in page.redirect_chain[-1][0]
    assert "News" in page.content.decode()


def menu(client):
    from wagtail.admin.menu import admin_menu

    request = client.get(reverse("wagtailadmin_home")).wsgi_request
    request.user = client.user
    items = sorted(admin_menu.menu_items_for_request(request), key=lambda item: item.order)
    return [str(item.label) for item in items]


def test_the_menu_stands_in_the_newsrooms_order(producer):
    assert menu(producer)[:12] == [
        "Stories",
        "Live",
        "News Feed",
        "Coverage",
        "Editors' Picks",
        "Breaking banner",
        "Front page",
        "Sections",
        "Pictures",
        "People",
        "Topics",
        "Newsletters",
    ]
    assert "Documents" not in menu(producer)
    assert "Pages" not in menu(producer)


def test_a_reporters_menu_holds_what_a_reporter_does(signed_in):
    reporters = menu(signed_in("reporter"))
    assert [each for each in reporters if each != "Coverage"][:4] == [
        "Stories",
        "Live",
        "News Feed",
        "Pictures",
    ]


def test_the_first_page_shows_what_a_night_editor_asks_first(producer, section, stories):
    draft = StoryPage(title="my draft", live=False, owner=producer.user)
    section.add_child(instance=draft)
    draft.save_revision(user=producer.user)
    soon = StoryPage(
        title="for the morning", go_live_at=timezone.now() + datetime.timedelta(hours=6)
    )
    soon.live = False
    section.add_child(instance=soon)
    soon.save_revision().publish()
    page = producer.get(reverse("wagtailadmin_home")).content.decode()
    for words in ("New story", "New brief", "my draft", "for the morning", "three"):
        assert words in page


def test_what_is_late_is_said_on_the_first_page(producer, stories):
    story = stories[0]
    an_hour_ago = timezone.now() - datetime.timedelta(hours=1)
    revision = story.save_revision()
    revision.approved_go_live_at = an_hour_ago
    revision.save()
    page = producer.get(reverse("wagtailadmin_home")).content.decode()
    assert "one should have been published at" in page


def test_boards_of_a_newsroom_are_translations_of_one_another(newsroom):
    assert len(set(EditorsPicks.objects.values_list("translation_key", flat=True))) == 1
