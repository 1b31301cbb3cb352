"""Writing a story in the admin: the form as it comes, and what becomes of what is sent."""

from __future__ import annotations

import datetime
import json

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from nightdesk.people.models import Author, Desk
from nightdesk.stories.models import SectionPage, StoryPage

pytestmark = pytest.mark.django_db

PARAGRAPH = "<p>The lower gates stay shut until Friday.</p>"


@pytest.fixture
def editor(signed_in):
    return signed_in("editor")


@pytest.fixture
def add(section):
    return reverse("wagtailadmin_pages:add", args=["stories", "storypage", section.pk])


def written(headline="Flood gates stay shut", bylines=(), body=PARAGRAPH, **fields):
    """What the browser sends for a story."""
    rows = [{"author": author or "", "desk": desk or ""} for author, desk in bylines]
    data = {
        "title": headline,
        "standfirst": "",
        "kicker": "",
        "kind": "news",
        "dateline": "",
        "lead_picture": "",
        "lead_caption": "",
        "body": streamfield([("text", rich_text(body))]) if isinstance(body, str) else body,
        "bylines": inline_formset(rows),
        "related": inline_formset([]),
        "corrections": inline_formset([]),
        "comments": inline_formset([]),
        "slug": "",
        "seo_title": "",
        "search_description": "",
        "go_live_at": "",
        "expire_at": "",
    }
    return nested_form_data(data | fields)


def send(editor, address, data, *, publish=True):
    if publish:
        data["action-publish"] = "action-publish"
    return editor.post(address, data, follow=True)


def test_new_story_asks_nothing_while_there_is_one_section(editor, add):
    response = editor.get(reverse("stories:choose_parent"))
    assert response.status_code == 302
    assert response.url == add


def test_new_story_asks_for_the_section_when_there_are_several(editor, newsroom):
    newsroom.add_child(instance=SectionPage(title="Culture", slug="culture"))
    page = editor.get(reverse("stories:choose_parent")).content.decode()
    assert "In which section?" in page
    assert page.index("News</a>" if "News</a>" in page else "News") < page.index("Culture")


def test_a_new_story_starts_with_its_writer_as_byline_and_a_text_to_paste_into(editor, add):
    form = editor.get(add).context["form"]
    assert [row.author.name for row in form.instance.bylines.all()] == ["Anna Koval"]
    assert [block.block_type for block in form.instance.body] == ["text"]
    assert "update_matters" not in form.fields


def test_a_writer_signs_a_ukrainian_story_with_their_ukrainian_name(editor, newsroom):
    from nightdesk.fronts.models import HomePage

    ukrainian = HomePage.objects.get(locale__language_code="uk")
    section = ukrainian.add_child(instance=SectionPage(title="Новини", slug="novyny"))
    anna = editor.user.author
    Author.objects.create(
        name="Анна Коваль",
        slug="анна-коваль",
        locale=ukrainian.locale,
        translation_key=anna.translation_key,
    )
    form = editor.get(
        reverse("wagtailadmin_pages:add", args=["stories", "storypage", section.pk])
    ).context["form"]
    assert [row.author.name for row in form.instance.bylines.all()] == ["Анна Коваль"]


def test_publish_is_the_button_in_sight_and_enter_never_presses_it(editor, add):
    page = editor.get(add).content.decode()
    silent, publish = page.index('type="submit" disabled hidden'), page.index("action-publish")
    assert silent < publish < page.index("Save draft")


def test_a_reporter_is_offered_a_draft_and_cannot_publish(signed_in, add):
    reporter = signed_in("reporter")
    assert "action-publish" not in reporter.get(add).content.decode()
    send(reporter, add, written())
    assert StoryPage.objects.get().live is False


def test_publishing_leads_back_to_the_list_and_offers_the_readers_page(editor, add):
    response = send(editor, add, written(bylines=[(editor.user.author_id, None)]))
    story = StoryPage.objects.get()
    assert story.live
    assert story.slug == "flood-gates-stay-shut"
    assert story.signature == "Anna Koval"
    page = response.content.decode()
    assert response.redirect_chain[-1][0] == reverse("stories:index")
    assert "“Flood gates stay shut” is published." in page
    assert f'href="{story.url}"' in page
    assert "See it as readers do" in page


def test_a_story_for_later_says_when_it_will_be_published(editor, add):
    morning = timezone.localtime() + datetime.timedelta(days=1)
    response = send(editor, add, written(go_live_at=f"{morning:%Y-%m-%d} 06:30"))
    assert StoryPage.objects.get().live is False
    assert "will be published on" in response.content.decode()
    assert "06:30" in response.content.decode()


def test_the_same_headline_twice_gives_two_addresses(editor, add):
    send(editor, add, written())
    send(editor, add, written())
    slugs = StoryPage.objects.values_list("slug", flat=True)
    assert sorted(slugs) == ["flood-gates-stay-shut", "flood-gates-stay-shut-2"]


def test_a_new_storys_form_sent_twice_is_one_story(editor, add):
    key = str(editor.get(add).context["form"]["key"].value())
    send(editor, add, written(key=key))
    page = send(editor, add, written(key=key)).content.decode()
    assert StoryPage.objects.get().title == "Flood gates stay shut"
    assert "was sent twice. It is here once." in page
    page = send(editor, add, written("Flood gates stay shut, again", key=key)).content.decode()
    assert StoryPage.objects.get().title == "Flood gates stay shut"
    assert "You saved this story" in page


def test_what_is_published_replaces_the_automatic_save_it_overtook(editor, add):
    key = str(editor.get(add).context["form"]["key"].value())
    bylines = [(editor.user.author_id, None)]
    editor.post(add, written("Flood gat", key=key, bylines=bylines), HTTP_ACCEPT="application/json")
    send(editor, add, written(key=key, bylines=bylines))
    story = StoryPage.objects.get()
    assert story.live
    assert (story.title, story.signature) == ("Flood gates stay shut", "Anna Koval")


def test_an_automatic_save_that_comes_too_late_makes_no_second_story(editor, add):
    key = str(editor.get(add).context["form"]["key"].value())
    send(editor, add, written(key=key))
    late = editor.post(add, written("Flood gat", key=key), HTTP_ACCEPT="application/json")
    assert late.json()["success"] is False
    assert StoryPage.objects.get().live


@pytest.mark.parametrize("headline", ["???", "Повінь спадає", "x" * 255])
def test_any_headline_finds_an_address(editor, add, headline):
    send(editor, add, written(headline))
    assert StoryPage.objects.get().slug


@pytest.mark.parametrize("publish", [True, False])
@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"headline": ""}, "This field is required"),
        ({"headline": "x" * 256}, "at most 255 characters"),
        ({"bylines": [(None, None)]}, "Choose one: an author or a desk."),
        ({"bylines": "both"}, "Choose one: an author or a desk."),
    ],
)
def test_what_cannot_be_saved_is_said_and_the_text_stays_in_the_form(
    editor, add, newsroom, data, message, publish
):
    if data.get("bylines") == "both":
        desk = Desk.objects.create(name="News desk", slug="news-desk", locale=newsroom.locale)
        data = {"bylines": [(editor.user.author_id, desk.pk)]}
    response = send(editor, add, written(**data), publish=publish)
    page = response.content.decode()
    assert response.status_code == 200
    if not publish and StoryPage.objects.exists():
        return  # a draft may lack what a published story must have
    assert message in page
    assert "The lower gates stay shut until Friday." in page


def test_a_line_break_in_a_headline_is_a_space(editor, add):
    send(editor, add, written("Flood gates\r\nstay  shut "))
    assert StoryPage.objects.get().title == "Flood gates stay shut"


def test_an_empty_text_block_is_dropped_not_refused(editor, add):
    send(editor, add, written(body="<p></p>"))
    assert len(StoryPage.objects.get().body) == 0


def test_scripts_in_what_is_sent_never_reach_the_story(editor, add):
    """The editor in the browser sends blocks and entities; here is what a hostile one might."""
    text = "Calm <script>alert(1)</script> link"
    hostile = {
        "blocks": [
            {
                "key": "aaaaa",
                "text": text,
                "type": "unstyled",
                "depth": 0,
                "inlineStyleRanges": [{"offset": 0, "length": 4, "style": "EVIL"}],
                "entityRanges": [{"offset": 0, "length": 4, "key": 0}],
                "data": {"onclick": "x()"},
            },
            {"key": "bbbbb", "text": "x", "type": "script", "depth": 0, "data": {}}
            | {"inlineStyleRanges": [], "entityRanges": []},
        ],
        "entityMap": {
            "0": {
                "type": "LINK",
                "mutability": "MUTABLE",
                "data": {"url": "javascript:alert(1)", "onclick": "x()", "style": "color:red"},
            }
        },
    }
    body = streamfield([("text", json.dumps(hostile))])
    send(editor, add, written(body=body))
    html = str(StoryPage.objects.get().body)
    assert "Calm" in html
    for evil in ("<script", "onclick", "javascript:", "style="):
        assert evil not in html


def test_the_tick_for_a_change_that_matters_is_off_each_time_the_form_opens(editor, add):
    send(editor, add, written())
    story = StoryPage.objects.get()
    edit = reverse("wagtailadmin_pages:edit", args=[story.pk])
    send(editor, edit, written(update_matters="on", slug=story.slug), publish=False)
    assert StoryPage.objects.get().get_latest_revision_as_object().update_matters
    assert editor.get(edit).context["form"]["update_matters"].value() is False


def test_draft_changes_of_a_published_story_wait_until_they_are_published(editor, add):
    send(editor, add, written())
    story = StoryPage.objects.get()
    edit = reverse("wagtailadmin_pages:edit", args=[story.pk])
    send(editor, edit, written("Flood gates open", slug=story.slug), publish=False)
    assert StoryPage.objects.get().title == "Flood gates stay shut"
    send(editor, edit, written("Flood gates open", slug=story.slug))
    assert StoryPage.objects.get().title == "Flood gates open"


def test_filled_up_stories_are_not_in_the_form_and_survive_its_being_sent(editor, add):
    send(editor, add, written("An older story"))
    send(editor, add, written())
    story = StoryPage.objects.get(title="Flood gates stay shut")
    edit = reverse("wagtailadmin_pages:edit", args=[story.pk])
    page = editor.get(edit)
    assert page.context["form"].formsets["related"].initial_form_count() == 0
    send(editor, edit, written(slug=story.slug))
    assert [row.chosen for row in StoryPage.objects.get(pk=story.pk).related.all()] == [False]


def test_a_preview_shows_the_story_as_it_is_in_the_form(editor, add):
    preview = reverse("wagtailadmin_pages:preview_on_add", args=add.strip("/").split("/")[-3:])
    sent = editor.post(preview, written("Only in the preview"))
    assert sent.json()["is_valid"]
    assert "Only in the preview" in editor.get(preview).content.decode()
    assert not StoryPage.objects.exists()


def test_an_author_who_signed_stories_is_not_deleted(editor, add):
    send(editor, add, written(bylines=[(editor.user.author_id, None)]))
    anna = editor.user.author
    delete = reverse(anna.snippet_viewset.get_url_name("delete"), args=[anna.pk])
    page = editor.post(delete, follow=True).content.decode()
    assert "the name stands under 1 story" in page
    assert Author.objects.filter(pk=anna.pk).exists()


def test_stories_are_found_by_section_status_author_and_kind(editor, add, section):
    send(editor, add, written("Signed and live", bylines=[(editor.user.author_id, None)]))
    send(editor, add, written("A draft opinion", kind="opinion"), publish=False)
    stories = reverse("stories:index")

    def found(query):
        return [story.title for story in editor.get(f"{stories}?{query}").context["pages"]]

    assert found(f"section={section.pk}") == ["A draft opinion", "Signed and live"]
    assert found("state=draft") == ["A draft opinion"]
    assert found("state=live") == ["Signed and live"]
    assert found(f"author={editor.user.author_id}") == ["Signed and live"]
    assert found("kind=opinion") == ["A draft opinion"]
    assert found("state=scheduled") == []


def corrected(words="It was Friday.", **fields):
    row = {"kind": "correction", "place": "below", "words": words, "at": "", **fields}
    return nested_form_data({"corrections": inline_formset([row])})


def test_a_correction_is_written_in_the_storys_form_and_published_with_it(editor, add):
    send(editor, add, written())
    story = StoryPage.objects.get()
    edit = reverse("wagtailadmin_pages:edit", args=[story.pk])
    send(editor, edit, written(slug=story.slug) | corrected(), publish=False)
    assert not story.corrections.exists()
    send(editor, edit, written(slug=story.slug) | corrected())
    row = story.corrections.get()
    assert row.at == row.published_at.replace(second=0, microsecond=0)
    form = editor.get(edit).context["form"].formsets["corrections"]
    assert [form["words"].value() for form in form.initial_forms] == ["It was Friday."]
    assert form.initial_forms[0].instance.pk == row.pk
    again = {"id": row.pk, "at": form.initial_forms[0]["at"].value().strftime("%Y-%m-%d %H:%M")}
    held = {"kind": "correction", "place": "below", "words": "It was Friday.", **again}
    formset = nested_form_data({"corrections": inline_formset([held], initial=1)})
    send(editor, edit, written("Flood gates open", slug=story.slug) | formset)
    assert story.corrections.get().at == row.at


def test_a_correction_says_something_and_is_not_dated_ahead(editor, add):
    ahead = timezone.localtime() + datetime.timedelta(days=1)
    page = send(editor, add, written() | corrected("", kind="retraction")).content.decode()
    assert "This field is required" in page
    page = send(editor, add, written() | corrected(at=f"{ahead:%Y-%m-%d %H:%M}")).content.decode()
    assert "This time is still to come." in page


def test_a_preview_shows_a_correction_where_it_will_stand(editor, add):
    preview = reverse("wagtailadmin_pages:preview_on_add", args=add.strip("/").split("/")[-3:])
    said = corrected("Retracted words.", kind="retraction")
    assert editor.post(preview, written() | said).json()["is_valid"]
    page = editor.get(preview).content.decode()
    assert "Retracted words." in page
    assert "This story has been retracted." in page
