"""`nightdesk mail` at the terminal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from nightdesk.bench.newsletters import sink
from nightdesk.bench.newsletters.behaviour import Behaviour, Refusal
from nightdesk.bench.newsletters.ledger import taken
from nightdesk.kernel.finding import Finding
from nightdesk.mail import command
from nightdesk.mail.actions import post
from nightdesk.mail.command import Verb, mail_command
from nightdesk.mail.models import OutgoingMail, Relay, Sender
from nightdesk.run import site_checks
from nightdesk.settings.table import Settings
from tests.ports import free_port

from .nameserver import serving
from .test_doctor import RIGHT

pytestmark = pytest.mark.django_db


@pytest.fixture
def uses(settings, tmp_path):
    def _uses(url: str, **more: str) -> None:
        settings.DATA = tmp_path
        settings.NIGHTDESK = Settings(
            {"NIGHTDESK_DATA": str(tmp_path), "NIGHTDESK_MAIL": url, **more}
        )

    return _uses


def test_status_says_what_waits_and_why_nothing_leaves(uses, capsys):
    uses("smtp://us:secret@smtp.example:587")
    post(EmailMessage("Confirm", "Here", to=["reader@example.org"]), kind="confirmation")
    since = timezone.now() - timedelta(hours=1)
    Relay.objects.create(name="smtp.example:587", refusing_since=since, cause="535 wrong password")
    OutgoingMail.objects.create(state="sent", kind="x", rcpt_to="a@example.org", settled_at=since)
    assert mail_command(["status"]) == 1
    said = capsys.readouterr().out
    assert "smtp.example:587" in said and "1 to single persons, the oldest since" in said
    assert "1 sent, 0 refused, 0 uncertain" in said and "none works" in said
    assert "Mail is not leaving this server since" in said and "535 wrong password" in said
    assert "reader" not in said and "secret" not in said
    Relay.objects.update(refusing_since=None, last_left_at=timezone.now())
    Sender.objects.create(holder="x", lease_until=timezone.now() + timedelta(minutes=1))
    assert mail_command(["status"]) == 0
    said = capsys.readouterr().out
    assert "sender   works" in said and "Mail leaves this server." in said


def test_a_test_mail_is_sent_at_once_and_the_relays_answer_said(uses, capsys, tmp_path):
    log = tmp_path / "taken.tsv"
    with sink.running(Behaviour(refuse=(Refusal(550, address="gone@*"),)), log) as relay:
        uses(f"smtp://127.0.0.1:{relay.port}")
        row = Relay.objects.create(name=f"127.0.0.1:{relay.port}", refusing_since=timezone.now())
        assert mail_command(["test", "olena@post.example"]) == 0
        assert "Sent. The relay says: 250" in capsys.readouterr().out
        row.refresh_from_db()
        assert row.refusing_since is None and row.last_left_at
        assert mail_command(["test", "gone@post.example"]) == 1
        assert "Refused. The relay says: 550" in capsys.readouterr().out
    assert [each.recipient for each in taken(log)] == ["olena@post.example"]
    uses(f"smtp://127.0.0.1:{free_port()}")
    assert mail_command(["test", "olena@post.example"]) == 1
    assert "Not sent." in capsys.readouterr().out
    assert mail_command(["test", "nobody"]) == 2
    assert not OutgoingMail.objects.exists()


def test_without_a_relay_a_test_mail_is_a_file(uses, capsys, tmp_path):
    uses("")
    assert mail_command(["test", "olena@post.example"]) == 0
    [file] = tmp_path.glob("mail/*.eml")
    said = capsys.readouterr().out
    assert file.name in said and "No relay is set" in said
    assert mail_command(["status"]) == 0
    said = capsys.readouterr().out
    assert "each becomes a file" in said and "leaves this server" not in said


def test_the_doctor_looks_at_what_others_see(uses, capsys):
    with serving(RIGHT) as names, sink.running() as relay:
        uses(
            f"smtp://127.0.0.1:{relay.port}",
            NIGHTDESK_URL="http://news.example",
            NIGHTDESK_MAIL_FROM="us@news.example",
        )
        assert mail_command(["doctor", "--resolver", names.address]) == 1
        said = capsys.readouterr().out
        assert "ok       DMARC" in said and "problem  unsubscribe" in said
        mail_command(["doctor", "--resolver", names.address, "--domain", "other.example"])
        assert "other.example has no policy" in capsys.readouterr().out
    assert mail_command(["doctor", "--resolver", "nonsense"]) == 2


def test_a_room_above_adds_its_own_verb(monkeypatch, capsys):
    monkeypatch.setattr(command, "_more", {})
    command.register(
        Verb("receive", "take returned mail", lambda given: print(given.file) or 3,
             lambda parser: parser.add_argument("file"))
    )  # fmt: skip
    assert mail_command(["receive", "a.eml"]) == 3
    assert capsys.readouterr().out == "a.eml\n"


def test_the_newsrooms_doctor_says_it_too(uses, settings):
    uses("")
    [found] = site_checks.mail()
    assert found.level == "ok"
    settings.PUBLIC_URL = "https://news.example"
    [found] = site_checks.mail()
    assert isinstance(found, Finding) and found.level == "problem"
    assert "Mail is not leaving this server" in found.is_so and "NIGHTDESK_MAIL" in found.do
