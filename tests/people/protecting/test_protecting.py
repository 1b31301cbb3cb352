"""A name that is protected is in no byte that readers get, and nothing brings it back."""

from __future__ import annotations

import io
import json

import pytest
from django.apps import apps
from django.core.serializers import serialize
from django.db import transaction
from django.db.models import CharField, ForeignKey, JSONField, ProtectedError, TextField
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Revision

from nightdesk.cli import main
from nightdesk.exchange.importing import import_sources
from nightdesk.media.models import Picture
from nightdesk.narration.models import HumanRecording, Narration, Pronunciation, StoryAudio
from nightdesk.newsletters.models import DigestRule, Newsletter
from nightdesk.people.models import Author, Desk, User
from nightdesk.people.protecting import actions, names, registry
from nightdesk.people.protecting.actions import CannotProtectError, Order
from nightdesk.press.shelf import takedowns
from nightdesk.stories.models import SectionPage, StoryByline, StoryPage, Topic
from nightdesk.takedown.models import Takedown
from tests.faults.leaks import shelf
from tests.making import a_story
from tests.people.protecting.newsroom import (
    CYRILLIC,
    FORMER,
    NAME,
    SLUG,
    Newsroom,
    answer_at,
    filled,
    mirror,
    naming,
    walk,
)


@pytest.fixture
def full(newsroom, section, data) -> Newsroom:
    return filled(newsroom, section)


@pytest.fixture
def protect(data, django_capture_on_commit_callbacks):
    def _protect(order, **how):
        with django_capture_on_commit_callbacks(execute=True):
            return actions.protect(order, **how)

    return _protect


def on_the_shelf(press) -> dict[str, str]:
    """Everything in the shelf's file, but for the addresses at which nothing is."""
    every = enumerate(shelf.held(press.shelf))
    return {f"{number} {held.where}": held.text for number, held in every if not held.once}


def test_no_byte_that_readers_get_has_the_name_any_more(full, press, protect, data, reader):
    press.run_dry()
    before = mirror([full.check])
    assert len(naming(before)) > 40 and full.check in naming(before)
    assert len(naming(on_the_shelf(press))) > 40
    report = protect(full.order(), name="anna")
    press.run_dry()
    assert "News desk" in answer_at(full.check)[0]
    asked_by_name = {path for path in before if naming({path: path})}
    after = mirror(before.keys() - asked_by_name)
    assert naming(after) == {}
    for path in asked_by_name:
        told, _text = answer_at(path)
        assert told.startswith(("404", "301", "302")) or "/search/" in path, told[:200]
    assert naming(on_the_shelf(press)) == {}
    assert press.shelf.state()["missed"] == 0
    assert "Signed alone" in reader.text("/desks/news-desk/")
    assert "Signed alone" not in reader.text("/authors/ben/")
    listed = {path for one in takedowns.read(data).down.values() for path in one.addresses}
    assert {
        f"/authors/{SLUG}/",
        "/uk/authors/олена-сидоренко/",
        f"/news/interview-with-{SLUG}/",
        f"/topics/{SLUG}/",
        f"/people/{SLUG}",
        "/our-poet",
        f"/old/{SLUG}",
    } <= listed
    assert set(report.addresses) <= listed
    assert "/news/interview-with-news-desk/" in after


@pytest.mark.fault
def test_each_room_that_forgets_to_join_is_seen(full, data, monkeypatch):
    """The walk of the test above would see it. Slow: it walks the site for each room, as far as to
    the first page that has the name."""
    before = mirror([full.check])
    asked = [path for path in before if path.startswith("/") and not naming({path: path})]
    # The last is looked at first: where the name stood it is met soonest.
    asked.sort(key=lambda path: bool(naming({path: before[path]})))
    # What a rule of digests says readers get with its next edition, which is looked at itself;
    # what is heard, and how it is said, is tried in tests/narration.
    elsewhere = {DigestRule, HumanRecording, Narration, Pronunciation, StoryAudio}
    for model in set(registry._words) - elsewhere:
        rest = {one: words for one, words in registry._words.items() if one is not model}
        with monkeypatch.context() as without, transaction.atomic():
            without.setattr(registry, "_words", rest)
            actions.protect(full.order())
            told = next((path for path, text in walk(asked) if naming({path: text})), None)
            transaction.set_rollback(True)
        assert told, f"nobody would have missed what {model._meta.label} has"


def test_without_the_room_that_signs_stories_nothing_is_done(full, data, monkeypatch):
    rest = [one for one in registry._signing if one.label != "stories that they sign"]
    monkeypatch.setattr(registry, "_signing", rest)
    with pytest.raises(ProtectedError, match="stands under"), transaction.atomic():
        actions.protect(full.order())
    assert Author.objects.filter(slug=SLUG).exists()


#: Columns of words that hold no name that readers get: addresses made anew by themselves, kinds,
#: what Wagtail or the darkroom makes, and what only the newsroom sees.
_EXCUSED = {
    "stories.storypage": {"kind", "headline_key", "source_key"},
    "stories.correction": {"kind", "place"},
    "stories.publishedversion": {"digest"},
    "media.picture": {"token", "file", "made", "card", "original", "file_hash"},
    "media.picturerendition": None,
    "takedown.takedown": None,
    # Whom a link was made for, which the newsroom sees.
    "checking.checklink": {"token_hash", "for_whom"},
    "people.user": None,
    "people.securitynotice": None,
    "people.staffsession": None,
    "stories.review": None,
    "people.protectedname": None,
    "people.goneaddress": None,
    "press.outboxentry": None,
    # Which story or brief it leads to.
    "fronts.banner": {"kind", "thing"},
    "briefs.deletedbrief": {"language"},
    # Names of files and of a voice, and what only the newsroom sees.
    "narration.narration": {
        "reason",
        "because",
        "token",
        "spec",
        "audio",
        "podcast",
        "transcript",
        "timings",
        "voice",
    },
    "narration.humanrecording": {"because", "upload", "master", "podcast"},
    "narration.storyaudio": {"unread"},
    "narration.voicechoice": {"language", "voice", "disclosure"},
    "narration.pronunciation": {"language"},
    # On its way to one person, and gone once it has left.
    "mail.outgoingmail": None,
    "mail.sender": None,
    "mail.relay": None,
    # Addresses (of mail, of a zone), and what only the newsroom sees of its readers and its mail.
    "newsletters.newsletter": {"from_address", "reply_to", "time_zone"},
    "newsletters.edition": {"held_because"},
    "newsletters.digestrun": None,
    # Sent: it is in readers' hands, and must say what they got.
    "newsletters.compilededition": None,
    "newsletters.subscriber": None,
    "newsletters.subscription": None,
    "newsletters.subscribertable": None,
    "newsletters.consentwords": None,
    "newsletters.consentevent": None,
    "newsletters.delivery": None,
    "newsletters.suppression": None,
    "newsletters.mailevent": None,
    "newsletters.wish": None,
    "newsletters.firstmail": None,
}
_OF_PAGES = {"path", "url_path", "draft_title"}


def test_every_column_of_words_is_looked_at_or_excused():
    """A room that adds a column must say whether a name can stand there."""
    looked_at = {words.model: {*words.fields, words.slug} for words in registry.words()}
    for model in apps.get_models():
        label = model._meta.label_lower
        if not model.__module__.startswith("nightdesk.") or _EXCUSED.get(label, ()) is None:
            continue
        for field in model._meta.concrete_fields:
            if not isinstance(field, CharField | TextField | JSONField) or field.choices:
                continue
            if field.model is Page and field.name in _OF_PAGES:
                continue
            known = looked_at.get(model, set()) | set(_EXCUSED.get(label, ()))
            assert field.name in known or field.name == "slug", f"{label}.{field.name}"


def test_everything_that_names_an_author_hands_over_to_a_desk():
    """A room that lets authors do something says what becomes of it (and tries it above)."""
    naming_authors = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model is Author
    }
    assert naming_authors == {
        "stories.storybyline.author",
        "coverage.coveragebyline.author",
        "coverage.entrybyline.author",
        "newsletters.newsletter.host",
        "people.user.author",
    }


@pytest.mark.database
def test_the_desk_signs_and_nothing_is_left_of_the_author(full, protect):
    protect(full.order())
    assert not Author.objects.filter(translation_key=full.author.translation_key).exists()
    assert not User.objects.exclude(author=None).exists()
    assert not Newsletter.objects.exclude(host=None).exists()
    signed = {
        story.title: [line.who.name for line in story.bylines.all()]
        for story in StoryPage.objects.all()
    }
    assert signed["Signed by both"] == ["News desk"]
    assert signed["Signed alone"] == ["News desk"]
    assert signed["Interview with News desk"] == ["News desk", "Ben Colleague"]
    assert signed["Розмова: Редакція"] == ["Редакція"]
    assert all(signed.values())
    assert Desk.objects.get(slug="news-desk").description == "Led by News desk."


@pytest.mark.database
def test_no_draft_and_no_earlier_state_brings_it_back(full, protect):
    protect(full.order())
    for revision in Revision.objects.all():
        text = json.dumps(revision.content, ensure_ascii=False) + revision.object_str
        assert naming({"": text}) == {}, revision
        assert f'"author": {full.author.pk},' not in text
    full.draft.refresh_from_db()
    full.draft.get_latest_revision().publish()
    draft = StoryPage.objects.get(pk=full.draft.pk)
    assert draft.signature == "News desk" and "<p>News desk</p>" in str(draft.body)
    first = Revision.objects.for_instance(full.interview).order_by("pk").first()
    first.publish()
    back = StoryPage.objects.get(pk=full.interview.pk)
    assert "News desk" in back.signature and back.title == "Interview with News desk"
    assert back.slug == "interview-with-news-desk"


def test_a_scheduled_story_goes_out_under_the_desk(full, section, protect):
    from django.utils import timezone

    story = a_story(section, f"Later, {NAME}", live=False, signed_by=[full.author])
    story.go_live_at = timezone.now() + timezone.timedelta(hours=1)
    story.save_revision(approved_go_live_at=story.go_live_at)
    protect(full.order())
    revision = Revision.objects.get(approved_go_live_at__isnull=False)
    revision.publish()
    told = StoryPage.objects.get(pk=story.pk)
    assert told.signature == "News desk" and NAME not in told.title


def test_the_portrait_goes_and_a_picture_that_others_show_stays(full, protect):
    protect(full.order())
    down = Picture.objects.filter(taken_down=True)
    # The newsletter shows the portrait still: a producer chose it for that.
    assert not down.exists()
    Picture.objects.update(taken_down=False)


def test_a_portrait_that_nothing_else_shows_is_taken_down(full, protect, data):
    Newsletter.objects.update(picture=None)
    protect(full.order())
    assert [picture.pk for picture in Picture.objects.filter(taken_down=True)] == [full.portrait.pk]
    stems = [stem for one in takedowns.read(data).down.values() for stem in one.stems]
    assert stems == [f"pictures/{full.portrait.token}"]


def test_killed_half_way_nothing_has_happened(full, data, monkeypatch):
    before = [serialize("json", model._base_manager.order_by("pk")) for model in _MODELS]

    def killed(self) -> None:
        raise SystemExit

    monkeypatch.setattr(actions._Protecting, "_index", killed)
    with pytest.raises(SystemExit):
        actions.protect(full.order())
    assert before == [serialize("json", model._base_manager.order_by("pk")) for model in _MODELS]
    assert takedowns.read(data).down == {}


_MODELS = (Author, StoryPage, StoryByline, Revision, Redirect, Topic, Picture, Takedown, User)


def test_what_the_list_could_not_be_told_the_press_tells_it(
    full, press, protect, data, monkeypatch
):
    with monkeypatch.context() as broken:

        def full_disk(*_: object) -> None:
            raise OSError(28, "No space left on device")

        broken.setattr(takedowns, "take_down", full_disk)
        protect(full.order())
    assert takedowns.read(data).at(f"/authors/{SLUG}/") == []
    press.run_dry()
    assert takedowns.read(data).at(f"/authors/{SLUG}/")


def test_a_form_that_was_open_meanwhile_does_not_put_the_name_back(full, protect, signed_in):
    from nightdesk.editing import versions

    latest = versions.latest_revision(full.interview)
    form = versions.as_new(latest, str)
    assert not versions.is_stale(form, latest)
    protect(full.order())
    page = StoryPage.objects.get(pk=full.interview.pk)
    assert versions.is_stale(form, versions.latest_revision(page))
    assert page.latest_revision_created_at == page.latest_revision.created_at


def test_a_section_of_that_name_moves_with_all_that_is_in_it(full, newsroom, protect, client, data):
    column = newsroom.add_child(instance=SectionPage(title=f"By {NAME}", slug=SLUG))
    story = a_story(column, "A column", slug="a-column", signed_by=[full.author])
    assert client.get(f"/{SLUG}/a-column/").status_code == 200
    protect(full.order())
    assert client.get(f"/{SLUG}/a-column/").status_code == 404
    moved = client.get("/news-desk/a-column/")
    assert moved.status_code == 200 and naming({"": moved.content.decode()}) == {}
    assert StoryPage.objects.get(pk=story.pk).url == "/news-desk/a-column/"
    held = takedowns.read(data)
    assert held.at(f"/{SLUG}/a-column/") and held.at(f"/{SLUG}/") and not held.at("")


def test_the_audit_takes_it_for_no_forgery(full, protect):
    from nightdesk.audit import look
    from nightdesk.audit.content import all_watched
    from nightdesk.audit.follow import follow

    def forged() -> list:
        follow()
        every = [(watching, list(watching.live())) for watching in all_watched()]
        return [found for watching, rows in every for found in look.look_twice(watching, rows)]

    # What the test made by hand, nobody has published.
    by_hand = {found.what for found in forged()}
    assert f"page:{full.interview.pk}" not in by_hand
    protect(full.order())
    assert {found.what for found in forged()} <= by_hand


def test_asked_twice_nothing_is_left_to_do(full, protect):
    order = full.order()
    protect(order)
    with pytest.raises(CannotProtectError, match="protected already"):
        protect(full.order())
    assert ModelLogEntry.objects.filter(action=actions.PROTECT).count() == 1


def test_what_it_writes_to_the_log_says_nothing_of_whom(full, protect):
    before = list(ModelLogEntry.objects.values_list("pk", flat=True))
    pages_before = list(PageLogEntry.objects.values_list("pk", flat=True))
    protect(full.order())
    mine = [*ModelLogEntry.objects.exclude(pk__in=before)]
    mine += PageLogEntry.objects.exclude(pk__in=pages_before)
    for entry in mine:
        assert naming({"": f"{entry.label} {entry.data}"}) == {}
    entry = ModelLogEntry.objects.get(action=actions.PROTECT)
    assert entry.label == "News desk" and set(entry.data) <= {"changed", "audit"}
    reworded = PageLogEntry.objects.filter(action=actions.REWORDED).values_list("page", flat=True)
    assert full.interview.pk in reworded and full.draft.pk in reworded


@pytest.mark.parametrize("words", [NAME, "Friends of Olena Sydorenko"])
def test_the_name_cannot_stand_for_itself(full, words):
    with pytest.raises(CannotProtectError, match="stands in what would replace it"):
        actions.look(full.order(words=words))


def test_a_single_word_is_refused_because_it_would_be_replaced_everywhere(full):
    with pytest.raises(CannotProtectError, match="one word"):
        actions.look(Order(full.author, full.desk, also=["Olena"]))


def test_nobody_gets_the_address_again(full, protect, signed_in):
    protect(full.order())
    editor = signed_in("editor")
    form = {"name": "Another Person", "slug": SLUG, "role": "", "desk": "", "portrait": ""}
    url = reverse(Author.snippet_viewset.get_url_name("add"))
    answer = editor.post(url, form | {"bio": "null"})
    assert "given up for ever" in answer.content.decode()
    assert not Author.objects.filter(slug=SLUG).exists()


def test_looking_changes_nothing_and_counts_what_protecting_changes(full, protect):
    looked = actions.look(full.order())
    assert Author.objects.filter(slug=SLUG).exists()
    assert any("I am Olena Sydorenko." in place.around for place in looked.places)
    assert (f"/topics/{SLUG}/", "/topics/news-desk/") in looked.renamed
    done = protect(full.order())
    assert looked.counts == done.counts
    assert looked.counts["stories that they sign"] == 5


def test_a_desk_chief_protects_in_the_form_and_an_editor_cannot(full, data, signed_in):
    chief = signed_in("desk-chief")
    edit = reverse(Author.snippet_viewset.get_url_name("edit"), args=[full.author.pk])
    url = reverse("protect_name", args=[full.author.pk])
    assert url in chief.get(edit).content.decode()
    form = {"desk": full.desk.pk, "also": f"{FORMER}\n", "words": "", "reason": "Threats."}
    asked = chief.post(url, form).content.decode()
    assert "I am Olena Sydorenko." in asked and f"/authors/{SLUG}/" in asked
    assert Author.objects.filter(slug=SLUG).exists()
    assert chief.post(url, form | {"protect": "1"}).status_code == 302
    assert not Author.objects.filter(slug=SLUG).exists()
    assert Takedown.objects.get(path=f"/authors/{SLUG}/").reason == "Threats."


def test_an_editor_has_no_button_and_no_way_in(full, signed_in):
    editor = signed_in("editor")
    edit = reverse(Author.snippet_viewset.get_url_name("edit"), args=[full.author.pk])
    url = reverse("protect_name", args=[full.author.pk])
    assert url not in editor.get(edit).content.decode()
    assert editor.post(url, {"desk": full.desk.pk, "protect": "1"}).status_code in (302, 403)
    assert Author.objects.filter(slug=SLUG).exists()


def test_from_the_command_line_after_a_look(full, data, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    command = ["protect", SLUG, "--by", "news-desk", "--also", FORMER]
    assert main(command) == 1
    assert "Nothing was changed" in capsys.readouterr().out
    assert main([*command, "--yes"]) == 0
    said = capsys.readouterr().out
    assert f"410 at /authors/{SLUG}/" in said and "stories that they sign: 5" in said
    assert not Author.objects.filter(slug=SLUG).exists()
    assert main([*command, "--yes"]) == 0
    assert "protected already" in capsys.readouterr().out
    assert main(["protect", "nobody", "--by", "news-desk"]) == 2
    assert main(["protect", "ben", "--by", "no-desk"]) == 2


def test_an_import_does_not_bring_it_back(full, protect, tmp_path):
    protect(full.order())
    row = {
        "slug": f"talk-with-{SLUG}",
        "published": "2020-01-02 11:33:15 +0000",
        "headline": f"A talk with {NAME}",
        "bylines": [NAME.title(), "Ben Colleague"],
        "topics": ["Rails"],
        "html": "<p>She is <b>Olena</b> Sydorenko, and there was more than that to say.</p>",
    }
    archive = tmp_path / "old.jsonl"
    archive.write_text(json.dumps(row) + "\n")
    out, err = io.StringIO(), io.StringIO()
    import_sources([str(archive)], out=out, err=err)
    story = StoryPage.objects.order_by("-pk").first()
    assert story.signature == "News desk, Ben Colleague", (out.getvalue(), err.getvalue())
    assert naming({"": f"{story.title} {story.slug} {story.body}"}) == {}
    assert naming({"": out.getvalue()}) == {}
    assert "a desk signs for somebody whose name is protected" in out.getvalue()
    import_sources([str(archive)], out=out, err=err)
    assert StoryPage.objects.filter(title=story.title).count() == 1


def test_only_who_guesses_a_name_finds_it_on_the_list(full, protect):
    protect(full.order())
    assert names.desk_of("olena  SYDORENKO") == full.desk.translation_key
    assert names.desk_of(CYRILLIC) == full.desk.translation_key
    assert names.desk_of("Ben Colleague") is None
    assert naming({"": str(list(names.ProtectedName.objects.values()))}) == {}
