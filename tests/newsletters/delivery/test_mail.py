"""The mail that a reader gets, byte for byte: whole, well-formed, signed, and theirs alone."""

from __future__ import annotations

import email
import email.policy
import re
import uuid
from email.utils import parseaddr

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from nightdesk.mail.dkim import key_from
from nightdesk.newsletters import tokens
from nightdesk.newsletters.delivery import headers, quoted
from nightdesk.newsletters.delivery.segments import Segments
from nightdesk.newsletters.models import CompiledEdition

from .making import TEXT, a_newsletter, an_edition

UID = uuid.UUID("8d1f0c55-9a3d-4a8e-9d53-0f7f5b6f5a11")
LINK = re.compile(r"https?://[^\s'\"<>]+")


@pytest.fixture
def setting(settings, monkeypatch):
    def _setting(name: str, value: str) -> None:
        monkeypatch.setitem(settings.NIGHTDESK._values, name, value)

    settings.PUBLIC_URL = "https://news.example"
    settings.DEFAULT_FROM_EMAIL = "noreply@news.example"
    return _setting


def mail_of(**fields: object) -> tuple[Segments, bytes]:
    fields = {"name": "Ранкова річка", "from_address": "olha@приклад.укр", **fields}
    subject = fields.pop("subject", "Річка повертає: що відомо про греблю, людей і воду в Херсоні")
    compiled = {name: fields.pop(name) for name in ("html", "text") if name in fields}
    edition = an_edition(a_newsletter(**fields), subject=subject)
    if compiled:
        CompiledEdition.objects.filter(edition=edition).update(**compiled)
    segments = Segments(CompiledEdition.objects.get(edition=edition))
    return segments, whole(segments, 345, UID, "reader@example.org")


def whole(segments: Segments, *reader: object) -> bytes:
    """What leaves, and that its pieces are what a courier relies on unseen (``Pieces``)."""
    pieces = segments.content(*reader)
    head, *others = pieces.each
    content = head + b"".join(others)
    assert pieces.size == len(content)
    assert head.endswith(b"\r\n\r\n") and head.count(b"\r\n\r\n") == 1
    assert all(piece.isascii() for piece in others)
    assert content.endswith(b"\r\n") and b"\n." not in content
    return content


def parsed(content: bytes) -> email.message.EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)


def token_of(segments: Segments) -> str:
    return tokens.for_reader(UID, segments.newsletter)


@pytest.mark.django_db
def test_a_mail_says_who_it_is_from_and_how_to_leave(setting):
    setting("NIGHTDESK_MAIL_BOUNCES", "bounces.news.example")
    segments, content = mail_of(reply_to="answers@news.example")
    mail = parsed(content)
    token = token_of(segments)
    assert parseaddr(str(mail["From"]))[1] == "olha@xn--80aikifvh.xn--j1amh"
    assert mail["From"].addresses[0].display_name == "Ранкова річка"
    assert mail["Subject"] == "Річка повертає: що відомо про греблю, людей і воду в Херсоні"
    assert mail["To"] == "reader@example.org"
    assert mail["Reply-To"] == "answers@news.example"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    page, mailto = re.findall(r"<([^>]*)>", mail["List-Unsubscribe"])
    assert page == f"https://news.example/newsletters/unsubscribe/{token}/"
    assert re.fullmatch(r"mailto:u\+[a-z2-7]{52}@bounces.news.example\?subject=unsubscribe", mailto)
    assert re.search(r"<letter-\d+\.en\.news\.example>$", mail["List-Id"])
    assert mail["Precedence"] == "bulk"
    assert re.fullmatch(r"e\d+:n\d+:composed:newsexample", mail["Feedback-ID"])
    assert segments.mail_from(345).startswith("b+")


@pytest.mark.django_db
def test_without_returned_mail_there_is_one_way_to_leave_and_the_newsroom_gets_what_comes_back(
    setting,
):
    segments, content = mail_of()
    assert "mailto" not in parsed(content)["List-Unsubscribe"]
    assert segments.mail_from(345) == "noreply@news.example"


def sound(part: email.message.Message) -> bool:
    return not part.defects and all(map(sound, part.iter_parts() if part.is_multipart() else ()))


@pytest.mark.django_db
def test_a_mail_is_well_formed_and_both_parts_say_what_was_composed(setting):
    segments, content = mail_of()
    mail, token = parsed(content), token_of(segments)
    assert sound(mail)
    plain, html = mail.iter_parts()
    assert plain.get_content_type() == "text/plain"
    assert plain.get_content().replace("\r\n", "\n") == TEXT.replace(tokens.MARK, token)
    assert html.get_content_type() == "text/html"
    assert set(LINK.findall(html.get_content())) <= set(LINK.findall(plain.get_content()))
    assert f"/newsletters/yours/{token}/" in html.get_content()
    assert tokens.MARK.encode() not in content


#: Letters that make trouble: dots and F at the beginning of a line, blanks at its end, a line's
#: breaks of any kind, and any other.
WRITING = st.text(
    alphabet=st.one_of(
        st.sampled_from(list("...=  \t\nFrom-aé’🙂\r")), st.characters(exclude_categories=["Cs"])
    ),
    max_size=400,
)


@given(st.lists(WRITING, min_size=1, max_size=5))
def test_whatever_is_written_comes_through_around_the_token(written):
    token = b"Az0_-" * 8 + b"xyz"
    text = tokens.MARK.join(written)
    body = token.join(quoted.pieces(text))
    assert all(len(line) <= 76 and line[:1] != b"." for line in body.split(b"\r\n"))
    assert body.isascii()
    assert not re.search(rb"[ \t]\r\n|(?<!\r)\n|\r(?!\n)", body)
    mail = parsed(
        b"Content-Type: text/plain; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + body
    )
    got = mail.get_payload(decode=True).decode().replace("\r\n", "\n")
    said = text.replace("\r\n", "\n").replace("\r", "\n").replace(tokens.MARK, token.decode())
    assert got == said


@given(
    called=st.text(max_size=120),
    subject=st.text(max_size=200),
)
def test_no_name_and_no_subject_breaks_a_header(called, subject):
    head = headers.named("From", called, "a@example.org") + headers.text("Subject", subject)
    assert head.isascii()
    assert all(len(line) <= 998 for line in head.split(b"\r\n"))
    mail = email.message_from_bytes(head + b"\r\nx", policy=email.policy.default)
    assert list(mail.keys()) == ["From", "Subject"]
    assert mail["From"].addresses[0].addr_spec == "a@example.org"
    assert parseaddr(str(mail["From"]))[1] == "a@example.org"


@pytest.mark.parametrize(
    "name",
    ["Olha", "Olha K., the river", 'The "River"', "Ольга", "Ольга, річка <x@y>", "=?utf-8?q?x?="],
)
def test_a_name_is_read_as_it_was_written(name):
    line = headers.named("From", name, "a@example.org")
    mail = email.message_from_bytes(line + b"\r\n", policy=email.policy.default)
    assert mail["From"].addresses[0].display_name == name


@pytest.mark.django_db
def test_an_address_in_letters_of_any_language_is_written_as_such(setting):
    segments, _content = mail_of()
    content = whole(segments, 1, UID, "ольга@xn--80aikifvh.xn--j1amh")
    assert "To: <ольга@xn--80aikifvh.xn--j1amh>".encode() in content
    assert sound(email.message_from_bytes(content, policy=email.policy.SMTPUTF8))


@pytest.mark.django_db
def test_a_mail_is_the_same_each_time_and_each_readers_is_their_own(setting):
    segments, content = mail_of()
    assert whole(segments, 345, UID, "reader@example.org") == content
    other = whole(segments, 346, uuid.uuid4(), "other@example.org")
    ours, theirs = parsed(content), parsed(other)
    assert ours["Message-ID"] != theirs["Message-ID"]
    assert token_of(segments).encode() not in other


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_the_signature_covers_both_ways_to_leave(setting, kind):
    key = (
        rsa.generate_private_key(65537, 2048)
        if kind == "rsa"
        else ed25519.Ed25519PrivateKey.generate()
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    setting("NIGHTDESK_DKIM_SELECTOR", "news2026")
    setting("NIGHTDESK_DKIM_KEY", pem)
    setting("NIGHTDESK_MAIL_BOUNCES", "bounces.news.example")
    _segments, content = mail_of(from_address="olha@news.example")
    signed = re.search(rb"[;\s]h=([^;]*);", content)[1].lower()
    covered = re.sub(rb"\s", b"", signed).split(b":")
    assert {b"list-unsubscribe", b"list-unsubscribe-post", b"message-id", b"to"} <= set(covered)
    record = key_from(pem).dns_record.encode()

    def from_dns(_name: bytes, timeout: float = 5) -> bytes:
        return record

    assert dkim.verify(content, dnsfunc=from_dns)
    forged = content.replace(b"unsubscribe/", b"unsubscribe/x", 1)
    assert not dkim.verify(forged, dnsfunc=from_dns)
    changed = content.replace(b"The river turns", b"The river burns", 1)
    assert not dkim.verify(changed, dnsfunc=from_dns)
