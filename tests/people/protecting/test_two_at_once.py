"""Somebody protects a name while others save, publish and import; nobody brings the name back."""

from __future__ import annotations

import datetime
import io
import json
import threading
import time
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.contrib.messages import get_messages
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models.signals import post_save
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Revision

from nightdesk.exchange.importing import import_sources
from nightdesk.fronts.models import HomePage
from nightdesk.media.models import Picture
from nightdesk.newsletters.models import Newsletter
from nightdesk.people.models import Author, User
from nightdesk.people.protecting import actions
from nightdesk.people.protecting.names import ProtectedName
from nightdesk.press import schedule
from nightdesk.stories.models import SectionPage, StoryByline, StoryPage, Topic
from nightdesk.takedown.models import Takedown
from tests.editing.conftest import Editor, edit_of
from tests.faults.editor import as_it_stands, one_paragraph
from tests.making import a_picture, a_story
from tests.people.protecting.newsroom import FORMER, NAME, SLUG, Newsroom, filled, mirror, naming
from tests.people.signing import prove

PUBLISH = {"action-publish": "action-publish"}


@pytest.fixture
def full(newsroom, section, data) -> Newsroom:
    return filled(newsroom, section)


def chief(name: str) -> Editor:
    """Somebody who may do everything, and has just proved who they are."""
    editor = Editor(name)
    User.objects.filter(pk=editor.user.pk).update(is_superuser=True)
    prove(editor, editor.user)
    return editor


def with_its_file(thing: object) -> None:
    """Wagtail reads a picture's master when its form is saved."""
    if isinstance(thing, Picture):
        made = io.BytesIO()
        Image.new("RGB", (12, 8)).save(made, "JPEG")
        default_storage.save(thing.file.name, ContentFile(made.getvalue()))


def nothing_is_left(full: Newsroom) -> None:
    assert naming(mirror([full.check])) == {}
    for revision in Revision.objects.all():
        text = json.dumps(revision.content, ensure_ascii=False) + revision.object_str
        assert naming({"": text}) == {}, revision
    assert not Author.objects.filter(name=NAME).exists()


def test_no_form_that_was_open_brings_it_back_unseen(full, data):
    olha = chief("Olha")
    forms: dict[str, dict] = {}
    things = [
        full.interview,
        full.draft,
        StoryPage.objects.get(title="Signed alone"),
        *SectionPage.objects.all(),
        *HomePage.objects.all(),
        *Topic.objects.all(),
        *Newsletter.objects.all(),
        *Author.objects.all(),
        full.desk,
    ]
    for thing in things:
        body = one_paragraph(f"I am {NAME}.") if isinstance(thing, StoryPage) else {}
        forms[edit_of(thing)] = olha.form(edit_of(thing)) | PUBLISH | body
    for model, name in ((Picture, "wagtailimages:edit"), (Redirect, "wagtailredirects:edit")):
        for thing in model.objects.all():
            with_its_file(thing)
            address = reverse(name, args=[thing.pk])
            forms[address] = olha.form(address)
    accounts = [reverse("wagtailusers_users:edit", args=[user.pk]) for user in User.objects.all()]
    forms |= {address: olha.form(address) for address in accounts}
    assert sum(bool(naming({"": str(form)})) for form in forms.values()) > 12
    actions.protect(full.order())
    for address, form in forms.items():
        answer = olha.post(address, form)
        assert answer.status_code in (200, 302, 404, 409), (address, answer.status_code)
    nothing_is_left(full)


def test_a_picture_changed_meanwhile_is_shown_and_may_be_saved_knowingly(newsroom, data):
    olha, petro, picture = chief("Olha"), chief("Petro"), a_picture("A bridge")
    with_its_file(picture)
    address = reverse("wagtailimages:edit", args=[picture.pk])
    hers, his = olha.form(address, alt="Her bridge"), petro.form(address, alt="His bridge")
    assert olha.post(address, hers).status_code == 302
    answer = petro.post(address, his)
    assert answer.status_code == 200 and "It says now: “Her bridge”" in answer.content.decode()
    assert Picture.objects.get().alt == "Her bridge"
    page = BeautifulSoup(answer.content, "html.parser")
    again = as_it_stands(page.select_one("form:has(input[name=words_were])"))
    assert again["alt"] == "His bridge"
    assert petro.post(address, again).status_code == 302
    assert Picture.objects.get().alt == "His bridge"


class Together:
    """Work in threads, each with its own connection to the database; what went wrong in them."""

    def __init__(self) -> None:
        self.wrong: list[BaseException] = []
        self._threads: list[threading.Thread] = []

    def start(self, work: Callable[[], object]) -> threading.Thread:
        def run() -> None:
            try:
                work()
            except BaseException as error:
                self.wrong.append(error)
            finally:
                connection.close()

        self._threads.append(threading.Thread(target=run, daemon=True))
        self._threads[-1].start()
        return self._threads[-1]

    def end(self) -> None:
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive(), "it waits for ever"
        if self.wrong:
            raise self.wrong[0]


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_of_two_who_protect_one_name_at_once_one_does_it(full, data):
    form = {"desk": full.desk.pk, "also": FORMER, "reason": "Threats.", "protect": "1"}
    address = reverse("protect_name", args=[full.author.pk])
    editors, answers = [chief("Olha"), chief("Petro")], []
    gate, both = threading.Barrier(2), Together()

    def press(editor: Editor) -> None:
        gate.wait()
        answers.append(editor.post(address, form))

    for editor in editors:
        both.start(lambda editor=editor: press(editor))
    both.end()
    told = [
        " ".join([answer.content.decode(), *map(str, get_messages(answer.wsgi_request))])
        for answer in answers
    ]
    assert sorted("The name is protected." in words for words in told) == [False, True]
    assert sorted("protected already" in words for words in told) == [False, True]
    assert ProtectedName.objects.count() == 3
    assert Takedown.objects.filter(path=f"/authors/{SLUG}/").count() == 1
    nothing_is_left(full)


class Others:
    """Four who have the name in hands: a form, a picture's form, the clock, an import."""

    def __init__(self, full: Newsroom, section: SectionPage, archive: str) -> None:
        self.editor = chief("Olha")
        self.archive = archive
        # What is live does not have the name; only what will be published has.
        self.story = a_story(section, "Quiet now", slug="quiet-now")
        self.later = a_story(section, "Quiet later", slug="quiet-later")
        for story, due in ((self.story, None), (self.later, timezone.now())):
            self._signed_in_a_draft(story, full.author, due)
        self.address = edit_of(self.story)
        with_its_file(full.portrait)
        said = one_paragraph(f"I am {NAME}.")
        self.form = self.editor.form(self.address) | PUBLISH | said
        self.picture = reverse("wagtailimages:edit", args=[full.portrait.pk])
        self.words = self.editor.form(self.picture)
        assert naming({"": str(self.form)}) and naming({"": str(self.words)})

    @staticmethod
    def _signed_in_a_draft(story: StoryPage, author: Author, due: datetime.datetime | None) -> None:
        story.title = f"{NAME} speaks"
        story.bylines = [StoryByline(author=author)]
        story.save_revision(approved_go_live_at=due)

    def work(self) -> list[Callable[[], object]]:
        return [
            lambda: self.editor.post(self.address, self.form),
            lambda: self.editor.post(self.picture, self.words),
            lambda: schedule.publish_due(timezone.now()),
            lambda: import_sources([self.archive], out=io.StringIO(), err=io.StringIO()),
        ]


@pytest.fixture
def others(full, section, tmp_path) -> Others:
    row = {
        "slug": f"talk-with-{SLUG}",
        "published": "2020-01-02 11:33:15 +0000",
        "headline": f"A talk with {NAME}",
        "bylines": [NAME],
        "html": f"<p>She is {NAME}, and there was more than that to say.</p>",
    }
    archive = tmp_path / "old.jsonl"
    archive.write_text(json.dumps(row) + "\n")
    return Others(full, section, str(archive))


def all_are_done(full: Newsroom, others: Others) -> None:
    schedule.publish_due(timezone.now())
    later = StoryPage.objects.get(pk=others.later.pk)
    assert later.title == "News desk speaks" and later.signature == "News desk"
    assert StoryPage.objects.filter(title="A talk with News desk").count() == 1
    nothing_is_left(full)


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_who_writes_while_a_name_is_being_protected_does_not_bring_it_back(
    full, others, monkeypatch
):
    """They come when what is live was gone through already, and nothing is committed."""
    half_way, together = threading.Event(), Together()
    go_on = actions._Protecting._rewrite_drafts

    def wait_half_way(self) -> None:
        half_way.set()
        time.sleep(1)
        go_on(self)

    monkeypatch.setattr(actions._Protecting, "_rewrite_drafts", wait_half_way)
    together.start(lambda: actions.protect(full.order()))
    assert half_way.wait(30)
    for work in others.work():
        together.start(work)
    together.end()
    all_are_done(full, others)


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_who_has_written_and_not_finished_is_waited_for(full, others):
    """The name is protected when all of them have written and none has committed."""
    together, writers, wrote = Together(), set(), threading.Event()

    def linger(**_kwargs: object) -> None:
        me = threading.get_ident()
        if me in writers:
            writers.discard(me)
            wrote.set()
            time.sleep(0.7)

    def writing(work: Callable[[], object]) -> None:
        writers.add(threading.get_ident())
        work()

    models = (Revision, StoryPage, Picture)
    for model in models:
        post_save.connect(linger, sender=model, dispatch_uid="linger")
    try:
        for work in others.work():
            together.start(lambda work=work: writing(work))
        assert wrote.wait(30)
        actions.protect(full.order())
        together.end()
    finally:
        for model in models:
            post_save.disconnect(sender=model, dispatch_uid="linger")
    all_are_done(full, others)
