"""Readers see what changed between published versions, and nothing that was taken from them."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from nightdesk.stories.history import forget_versions, hide_versions, rewrite_versions
from nightdesk.stories.models import SectionPage, StoryPage
from nightdesk.stories.versions import PublishedVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(section):
    page = section.add_child(instance=StoryPage(title="Gates stay shut", live=False))
    return says(page, "The gates stay shut until Friday, the river office said.")


def says(story, text, **fields):
    """Publish it with this text."""
    story = StoryPage.objects.get(pk=story.pk).get_latest_revision_as_object()
    story.body = [("text", f"<p>{text}</p>")]
    for name, value in fields.items():
        setattr(story, name, value)
    story.save_revision().publish()
    return StoryPage.objects.get(pk=story.pk)


def changes(client, story):
    response = client.get(f"{story.url}changes/")
    return response.content.decode() if response.status_code == 200 else None


def versions(story):
    return list(story.versions.values_list("number", "hidden"))


def test_a_story_published_once_has_no_page_of_changes(client, story):
    assert versions(story) == [(1, False)]
    assert changes(client, story) is None
    assert "changes/" not in client.get(story.url).content.decode()


def test_words_taken_out_and_added_are_marked_and_named(client, story):
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=1)):
        story = says(
            story,
            "The gates stay shut until Sunday, the river office said.",
            title="Gates stay shut longer",
            update_matters=True,
        )
    page = changes(client, story)
    assert '<del><span class="unseen">taken out: </span>Friday,</del>' in page
    assert '<ins><span class="unseen">added: </span>Sunday,</ins>' in page
    assert '<ins><span class="unseen">added: </span>longer</ins>' in page
    assert '<meta name="robots" content="noindex' in page
    assert f'href="{story.url}changes/"' in client.get(story.url).content.decode()


def test_an_unticked_change_is_on_the_page_of_changes_and_not_beside_the_time(client, story):
    story = says(story, "The gates stay shut until Sunday, the river office said.")
    assert "Sunday," in changes(client, story)
    assert "changes/" not in client.get(story.url).content.decode()


def test_publishing_the_same_words_again_is_no_version(client, story):
    says(story, "The gates stay shut until Friday, the river office said.", kicker="River")
    assert versions(story) == [(1, False)]


def test_a_draft_is_no_version(client, story):
    draft = story.get_latest_revision_as_object()
    draft.title = "Only a draft"
    draft.save_revision()
    assert versions(story) == [(1, False)]


def test_a_hidden_version_is_skipped_and_its_words_are_nowhere(client, story):
    says(story, "The gates stay shut until Friday, Olena Koval said.")
    story = says(story, "The gates stay shut until Friday, a neighbour said.", update_matters=True)
    assert "Olena" in changes(client, story)
    hide_versions(story, [2])
    page = changes(client, story)
    assert "Olena" not in page
    assert "neighbour" in page
    hide_versions(story, [1, 2])
    assert changes(client, story) is None
    assert "changes/" not in client.get(story.url).content.decode()


def test_two_equal_versions_around_a_hidden_one_are_no_change(client, story):
    says(story, "Another text.")
    story = says(story, "The gates stay shut until Friday, the river office said.")
    assert versions(story) == [(1, False), (2, False), (3, False)]
    hide_versions(story, [2])
    assert changes(client, story) is None


def test_what_a_story_said_before_it_was_taken_down_stays_with_the_newsroom(client, story):
    story = says(story, "Olena Koval said so.")
    story.unpublish()
    assert client.get(f"{story.url}changes/").status_code == 404
    story = says(story, "A neighbour said so.")
    assert changes(client, story) is None
    story = says(story, "Two neighbours said so.")
    page = changes(client, story)
    assert "Two neighbours" in page
    assert "Olena" not in page


@pytest.mark.parametrize("restrict", ["story", "section"])
def test_what_some_readers_were_told_is_no_public_change_later(client, story, restrict):
    says(story, "Open words.")
    page = story if restrict == "story" else story.get_parent()
    lock = PageViewRestriction.objects.create(
        page_id=page.pk, restriction_type=PageViewRestriction.LOGIN
    )
    assert client.get(f"{story.url}changes/").status_code == 302
    says(story, "Words for staff.")
    lock.delete()
    assert changes(client, story) is None
    says(story, "Open again.")
    story = says(story, "Open still.")
    page = changes(client, story)
    assert "again." in page
    assert "staff" not in page
    assert "Open words" not in page


def test_moving_a_story_where_only_some_may_read_hides_its_history(client, newsroom, story):
    story = says(story, "Open words.")
    inside = newsroom.add_child(instance=SectionPage(title="Members", slug="members"))
    PageViewRestriction.objects.create(
        page_id=inside.pk, restriction_type=PageViewRestriction.LOGIN
    )
    story.move(inside, pos="last-child")
    assert versions(story) == [(1, True), (2, True)]


def test_a_deleted_story_leaves_no_version(story):
    says(story, "Other words.")
    StoryPage.objects.get(pk=story.pk).delete()
    assert not PublishedVersion.objects.exists()


def test_a_copy_and_an_alias_do_not_show_what_their_source_said(client, story):
    story = says(story, "Other words.")
    copy = story.copy(update_attrs={"slug": "copied"})
    alias = story.create_alias(update_slug="elsewhere")
    says(story, "New words.")
    for page in (copy, alias):
        assert client.get(f"{page.get_url()}changes/").status_code == 404
    assert not PublishedVersion.objects.filter(story=alias.pk).exists()


def test_a_name_is_replaced_in_everything_a_story_ever_said(client, story):
    says(story, "Olena Koval said that the gates stay shut.", standfirst="Olena Koval speaks.")
    story = says(story, "Olena Koval said that the gates are open.", standfirst="")
    rewrite_versions(story, lambda text: text.replace("Olena Koval", "A resident"))
    page = changes(client, story)
    assert "Olena" not in page
    assert "A resident speaks." in page
    assert "A resident said" in page


def test_words_that_differ_no_more_once_rewritten_are_no_change(client, story):
    says(story, "Olena said so.")
    story = says(story, "Ivan said so.")
    hide_versions(story, [1])
    rewrite_versions(story, lambda text: text.replace("Olena", "Ivan"))
    assert changes(client, story) is None


def test_a_forgotten_history_is_gone_for_good(client, story):
    story = says(story, "Other words.")
    forget_versions(story)
    assert changes(client, story) is None
    assert versions(story) == []
    assert versions(says(story, "New words.")) == [(1, False)]


def test_quotes_tables_and_captions_count_as_what_a_story_says(client, story):
    def with_speaker(name):
        return [
            ("quote", {"text": "It holds.", "speaker": name, "role": "engineer", "source": ""}),
            ("table", {"data": [["Line", "Trams"], ["2", name]]}),
            ("fact_box", {"title": "Facts", "text": f"<p>{name}</p>"}),
        ]

    for name in ("Rook", "Frew"):
        draft = StoryPage.objects.get(pk=story.pk).get_latest_revision_as_object()
        draft.body = with_speaker(name)
        draft.save_revision().publish()
    page = changes(client, story)
    assert "Frew, engineer" in page.replace("</ins>", "").replace("added: ", "")
    assert page.count("Frew") == 3


def test_an_editor_hides_a_version_with_a_tick(signed_in, story):
    editor = signed_in("editor")
    story = says(story, "Olena Koval said so.")
    story = says(story, "A neighbour said so.")
    address = reverse("story_versions", args=[story.pk])
    page = editor.get(address).content.decode()
    assert "Olena" in page
    assert page.count('name="hidden"') == 3
    edit = editor.get(reverse("wagtailadmin_pages:edit", args=[story.pk])).content.decode()
    assert address in edit
    assert editor.post(address, {"hidden": ["2"]}).status_code == 302
    assert versions(story) == [(1, False), (2, True), (3, False)]
    assert 'value="2" checked' in editor.get(address).content.decode()


def test_a_tick_is_taken_away_only_by_who_saw_it(signed_in, story):
    editor = signed_in("editor")
    says(story, "Olena Koval said so.")
    story = says(story, "A neighbour said so.")
    address = reverse("story_versions", args=[story.pk])
    hide_versions(story, [2])
    editor.post(address, {"hidden": ["1"]})
    assert versions(story) == [(1, True), (2, True), (3, False)]
    editor.post(address, {"hidden": ["2", "9" * 40], "were_hidden": ["1", "2"]})
    assert versions(story) == [(1, False), (2, True), (3, False)]


def test_a_reporter_may_not(signed_in, story):
    reporter = signed_in("reporter")
    address = reverse("story_versions", args=[story.pk])
    assert reporter.get(address).status_code in (302, 403)
    assert reporter.post(address, {"hidden": ["1"]}).status_code in (302, 403)
    assert versions(story) == [(1, False)]
