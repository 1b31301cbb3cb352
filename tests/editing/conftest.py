"""Two accounts in one newsroom, and their forms."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from nightdesk.people.models import User
from nightdesk.people.roles import give_role
from nightdesk.stories.models import StoryPage
from tests.faults.editor import as_it_stands, one_paragraph

FORM = "form[data-edit-form], form.desk-short"


class Editor(Client):
    """A signed-in browser without scripts."""

    def __init__(self, name: str, role: str = "desk-chief") -> None:
        super().__init__()
        self.user = User.objects.create_user(name.lower(), first_name=name, password="night-desk")
        give_role(self.user, role)
        self.force_login(self.user)

    def form(self, address: str, **typed: str) -> dict:
        """What its form would send, with something typed into it."""
        page = BeautifulSoup(self.get(address).content, "html.parser").select_one(FORM)
        return as_it_stands(page) | typed

    def write(self, address: str, **typed: str) -> dict:
        """The same of a story, with a paragraph of text."""
        return self.form(address) | one_paragraph("Seen from the bank.") | typed

    def press(self, answer, label: str):
        """A button of the page that says what differs."""
        page = BeautifulSoup(answer.content, "html.parser")
        form = page.select_one("form.desk-differs__choice")
        chosen = next(b for b in form.select("button") if re.search(label, b.text))
        fields = [(f["name"], _text(f)) for f in form.select("textarea")]
        sent: dict = {}
        for name, value in [*fields, (chosen["name"], chosen["value"])]:
            sent.setdefault(name, []).append(value)
        return self.post(form["action"], sent)


def _text(field) -> str:
    return field.text.removeprefix("\n")


def words(answer) -> str:
    """The page as text, spaces made one."""
    page = BeautifulSoup(answer.content, "html.parser").select_one("main")
    for hidden in page.select("textarea[hidden], template, script"):
        hidden.decompose()
    for mark in page.select("mark"):
        mark.unwrap()
    page.smooth()
    return " ".join(page.get_text(" ").split())


def edit_of(thing) -> str:
    if hasattr(thing, "get_parent"):
        return reverse("wagtailadmin_pages:edit", args=[thing.pk])
    return reverse(thing.snippet_viewset.get_url_name("edit"), args=[thing.pk])


@pytest.fixture
def olha(newsroom) -> Editor:
    return Editor("Olha")


@pytest.fixture
def petro(newsroom) -> Editor:
    return Editor("Petro")


@pytest.fixture
def story(section) -> StoryPage:
    page = StoryPage(title="The river", live=False, body=[("text", "<p>It rises.</p>")])
    section.add_child(instance=page)
    page.save_revision()
    return StoryPage.objects.get()
