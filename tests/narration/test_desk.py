"""What editors do about how a story is heard."""

from __future__ import annotations

import pytest
from django.urls import reverse
from wagtail.users.models import UserProfile

from nightdesk.narration import flow
from nightdesk.narration.models import (
    Narration,
    Pronunciation,
    SectionAudio,
    StoryAudio,
    VoiceChoice,
)
from nightdesk.narration.passages import lexicon_of
from nightdesk.narration.studio import record
from nightdesk.people.models import User
from nightdesk.stories.models import StoryPage
from tests.making import a_story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("voice", "media")]


@pytest.fixture
def story(section):
    story = a_story(section, "Bakhmut could fall", body="<p>It cost $2.5B near Soledar.</p>")
    StoryPage.objects.get(pk=story.pk).save_revision().publish()
    return StoryPage.objects.get(pk=story.pk)


@pytest.fixture
def editor(client):
    client.force_login(User.objects.create_superuser("chief", password="night-desk"))
    return client


def at(name, story):
    return reverse(name, args=[story.pk])


def test_it_stands_there_what_will_be_read_in_the_words_of_the_voice(editor, story):
    page = editor.get(at("story_aloud", story)).content.decode()
    assert "two point five billion dollars" in page
    assert "This audio is created with AI assistance" in page


@pytest.mark.parametrize(("name", "title"), [("narrations", "Narration"), ("voices", "Voices")])
def test_the_pages_about_narration_say_above_them_which_they_are(editor, name, title):
    """The last crumb is what an editor sees as the page's heading."""
    crumbs = editor.get(reverse(name)).context["breadcrumbs_items"]
    assert crumbs[-1] == {"url": "", "label": title}


def test_no_editor_has_to_read_phonetics(editor, story):
    page = editor.get(at("story_aloud", story)).content.decode()
    assert "Bakhmut (bahk-MOOT) could fall." in page and "bɑːkm" not in page
    Pronunciation.objects.create(language="en", term="Nobody's", ipa="nˈoʊbɑːdi")
    names = editor.get("/admin/snippets/narration/pronunciation/?q=Bakhmut").content.decode()
    assert "bahk-MOOT" in names and "As it sounds" in names and "bɑːkm" not in names
    typed = editor.get("/admin/snippets/narration/pronunciation/?q=Nobody").content.decode()
    assert "IPA: nˈoʊbɑːdi" in typed


def test_a_block_is_left_out_by_its_tick_and_read_again_by_it(editor, story):
    block = story.body[0].id
    editor.post(at("story_aloud", story), {"seen": block, "choice": "", "spoken": ""})
    assert StoryAudio.objects.get().unread == [block]
    sent = {"seen": block, "read": block, "choice": "", "spoken": ""}
    editor.post(at("story_aloud", story), sent)
    assert StoryAudio.objects.get().unread == []


def test_a_block_that_another_editor_marked_meanwhile_keeps_its_mark(editor, story):
    StoryAudio.objects.create(story=story, unread=[story.body[0].id])
    editor.post(at("story_aloud", story), {"choice": "yes", "spoken": ""})
    kept = StoryAudio.objects.get()
    assert (kept.unread, kept.choice) == ([story.body[0].id], "yes")


def test_a_name_said_differently_is_kept_for_all_stories_and_counted(editor, story):
    sent = {"term": "Soledar", "says": "soh-leh-DAHR", "ipa": ""}
    answer = editor.post(at("say_differently", story), sent, follow=True)
    assert "Kept for all stories. 1 story of the last week is read anew." in answer.content.decode()
    assert Pronunciation.objects.get(term="Soledar").says == "soh-leh-DAHR"
    assert Narration.objects.get().rank == Narration.FRESH


def test_what_stands_for_no_sound_is_refused_in_plain_words(editor, story):
    sent = {"term": "Soledar", "says": "soh-l3h", "ipa": ""}
    answer = editor.post(at("say_differently", story), sent, follow=True)
    page = answer.content.decode()
    assert "stands for no sound" in page and 'value="soh-l3h"' in page
    assert Pronunciation.objects.get(term="Soledar").says == "soh-leh-DAHR"


def test_a_sentence_is_heard_as_it_would_be_and_nothing_is_kept(editor, story):
    sent = {"term": "It", "says": "EET", "ipa": "", "sentence": "It cost $2.5B near Soledar."}
    answer = editor.post(at("hear_a_name", story), sent)
    assert (answer.status_code, answer["Content-Type"]) == (200, "audio/mpeg")
    assert answer.content[:3] == b"ID3" or answer.content[0] == 0xFF
    assert not Pronunciation.objects.filter(term="It").exists()


def test_phonetics_that_the_voice_cannot_say_are_not_kept(editor, story):
    """They would silence every story that says the name."""
    for address, sent in (
        (at("say_differently", story), {"term": "Soledar", "says": "", "ipa": "sole\u0334ð1"}),
        (
            reverse("wagtailsnippets_narration_pronunciation:add"),
            {"term": "Nowhere", "language": "en", "says": "", "ipa": "sole\u0334ð1"},
        ),
    ):
        page = editor.post(address, sent).content.decode()
        assert "The voice does not know “1” “◌\u0334” and could not say the name." in page
    assert not Pronunciation.objects.filter(ipa__contains="1").exists()
    editor.post(at("say_differently", story), {"term": "Soledar", "says": "", "ipa": "/sɔlɛdˈɑːɾ/"})
    assert Pronunciation.objects.get(term="Soledar").ipa == "sɔlɛdˈɑːɾ"


def test_a_name_is_found_whatever_apostrophe_a_telephone_typed(editor, story):
    editor.post(at("say_differently", story), {"term": "O’Brien", "says": "oh-BRY-en", "ipa": ""})
    assert lexicon_of("en").apply("O'Brien said.").startswith("[[")


def test_a_draft_has_no_sound_that_would_be_counted(editor, story):
    story.unpublish()
    sent = {"term": "Soledar", "says": "soh-leh-DAHR", "ipa": ""}
    answer = editor.post(at("say_differently", story), sent, follow=True)
    assert "Kept for all stories. 0 stories of the last week" in answer.content.decode()


def test_of_a_draft_it_stands_there_what_it_says_now(editor, section):
    draft = a_story(section, "Begun", body="<p>The first words.</p>", live=False)
    later = draft.get_latest_revision_as_object() if draft.latest_revision_id else draft
    later.body = [("text", "<p>The next words.</p>"), ("text", "<p>And more.</p>")]
    later.save_revision()
    page = editor.get(at("story_aloud", draft)).content.decode()
    assert "The next words." in page and "And more." in page and "The first words." not in page
    ids = [
        block.id
        for block in StoryPage.objects.get(pk=draft.pk).get_latest_revision_as_object().body
    ]
    editor.post(at("story_aloud", draft), {"seen": ids, "read": ids[0], "choice": "", "spoken": ""})
    assert StoryAudio.objects.get(story=draft).unread == ids[1:]


def heard_from(editor, story, monkeypatch, **sent):
    """The words that the voice was given for “Hear it”."""
    given = []
    monkeypatch.setattr(record, "sample", lambda said, *_more: given.append(said) or b"ID3")
    assert editor.post(at("hear_a_name", story), {"ipa": "", **sent}).status_code == 200
    return given[0]


def test_the_sentence_that_is_heard_says_the_name_and_all_others_as_from_now_on(
    editor, section, monkeypatch
):
    body = "<p>It rained. Bakhmut lies near Soledar.</p>"
    story = a_story(section, "Two towns", body=body)
    kept = Pronunciation.objects.get(term="Bakhmut").entry.ipa
    said = heard_from(
        editor, story, monkeypatch, term="Soledar", says="soh-LEH-dar", sentence="It rained."
    )
    assert said.startswith(f"[[{kept}]] lies near [[") and said.count("[[") == 2
    assert Pronunciation.objects.get(term="Soledar").entry.ipa not in said
    said = heard_from(editor, story, monkeypatch, term="Elsewhere", says="ELS-wair", sentence="")
    assert said.startswith("[[") and "lies" not in said


def test_the_sound_can_be_taken_away_at_once_and_asked_for_again(editor, story):
    editor.post(at("pull_sound", story))
    assert Narration.objects.get().state == "skipped"
    told = "not read: Readers get no sound of this story any more."
    assert told in editor.get(reverse("narrations")).content.decode()
    editor.post(at("read_again", story))
    assert Narration.objects.get().state == "waiting"


def test_a_voice_is_chosen_only_in_sight_of_its_licence(editor, story):
    page = editor.get(reverse("voices")).content.decode()
    assert "GPL-3.0-or-later" in page and "reported to restrict commercial use" in page
    chosen = {"language": "en", "en-voice": "piper:en_US-joe-medium", "en-disclosure": ""}
    answer = editor.post(reverse("voices"), chosen)
    assert "Tick that its licence suits this newsroom" in answer.content.decode()
    assert VoiceChoice.objects.get().voice == "tone:tone"
    editor.post(reverse("voices"), chosen | {"en-understood": "on"})
    assert VoiceChoice.objects.get().voice == "piper:en_US-joe-medium"


def test_a_voice_that_reads_unchosen_is_not_silenced_by_keeping_the_page(editor, settings):
    """Nobody has chosen, and the first one speaks: whoever only words the line keeps hearing it."""
    VoiceChoice.objects.all().delete()
    page = editor.get(reverse("voices")).content.decode()
    assert '<option value="piper:en_US-joe-medium" selected>' in page
    assert "Nobody has chosen a voice yet." in page
    assert 'name="uk-voice"' not in page, "there is none to choose"
    worded = {
        "language": "en",
        "en-voice": "piper:en_US-joe-medium",
        "en-disclosure": "Read by a machine",
    }
    answer = editor.post(reverse("voices"), worded)
    assert "Tick that its licence suits this newsroom" in answer.content.decode()
    editor.post(reverse("voices"), worded | {"en-understood": "on"})
    assert VoiceChoice.objects.get().voice == "piper:en_US-joe-medium"
    editor.post(reverse("voices"), worded | {"en-disclosure": ""})
    assert VoiceChoice.objects.get().disclosure == "", "it was asked once"


def test_the_licence_is_told_in_the_editors_language(editor):
    UserProfile.objects.create(user=User.objects.get(), preferred_language="uk")
    page = editor.get(reverse("voices")).content.decode()
    assert "reported to restrict" not in page and "ліценз" in page


def test_the_archive_is_read_when_somebody_says_so(editor, section):
    for number in range(3):
        a_story(section, f"Old {number}")
    answer = editor.post(reverse("narrations"), {"archive": ""}, follow=True)
    assert "3 stories of the archive wait to be read" in answer.content.decode()
    assert flow.claim() is not None


def test_sections_are_switched_off_by_their_tick(editor, section, story):
    editor.post(reverse("narrations"), {"sections": "", "read": []})
    assert not SectionAudio.objects.get(page=section.pk).read
    editor.post(reverse("narrations"), {"sections": "", "read": [section.pk]})
    assert SectionAudio.objects.get(page=section.pk).read


def test_a_reporter_may_not_touch_somebody_elses_sound(client, story):
    client.force_login(User.objects.create_user("nobody", password="night-desk"))
    assert client.post(at("pull_sound", story)).status_code in (302, 403)
    assert Narration.objects.get().state == "waiting"
