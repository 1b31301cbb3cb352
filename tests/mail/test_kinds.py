"""A list of mails calls each by what it is, in the language of whoever reads it."""

from __future__ import annotations

import ast
from pathlib import Path

from django.utils import translation

import nightdesk
from nightdesk.mail import kinds
from nightdesk.mail.models import OutgoingMail


def test_a_kind_is_said_in_the_readers_language_and_an_unknown_one_as_it_is():
    mail = OutgoingMail(kind="edition held")
    assert mail.what == "that an edition is held"
    with translation.override("uk"):
        assert mail.what == "про затриманий випуск"
        assert OutgoingMail(kind="staff").what == "працівникам"
    assert OutgoingMail(kind="of an earlier version").what == "of an earlier version"


def test_every_kind_that_is_mailed_has_words():
    mailed = set()
    for path in Path(nightdesk.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "post":
                given = {word.arg: word.value for word in node.keywords}
                if isinstance(given.get("kind"), ast.Constant):
                    mailed.add(given["kind"].value)
    assert len(mailed) >= 8
    assert not {kind for kind in mailed if kinds.in_words(kind) == kind}
