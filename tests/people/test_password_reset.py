"""Asking for a new password tells nobody who has an account, and reaches who has one."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from nightdesk.people.models import User
from nightdesk.people.password_reset import send_password_reset

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/password_reset/"


def ask(client, email: str):
    return client.post(ADDRESS, {"email": email})


def test_known_and_unknown_addresses_get_the_same_answer_and_the_same_work(client, newsroom):
    User.objects.create_user("olena", "olena@example.org", "night-desk")
    ask(client, "warm@example.org")
    answers, queries = [], []
    for email in ("olena@example.org", "nobody@example.org"):
        with CaptureQueriesContext(connection) as seen:
            answers.append(ask(client, email))
        queries.append(len(seen))
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].url == answers[1].url
    assert queries[0] == queries[1]
    assert mail.outbox == []
    waiting = DBTaskResult.objects.filter(task_path__endswith="send_password_reset")
    assert waiting.count() == 3


def test_the_worker_mails_a_link_to_the_public_address(settings):
    User.objects.create_user("olena", "olena@example.org", "night-desk")
    settings.WAGTAILADMIN_BASE_URL = settings.PUBLIC_URL = "https://news.example"
    send_password_reset.call("Olena@example.org")
    [sent] = mail.outbox
    assert sent.to == ["olena@example.org"]
    assert re.search(r"https://news\.example/admin/password_reset/confirm/\S+", sent.body)


def test_nobody_is_mailed_who_has_no_account():
    send_password_reset.call("nobody@example.org")
    send_password_reset.call("not an address")
    assert mail.outbox == []
