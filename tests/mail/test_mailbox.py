"""Mail in the admin: for those who may, and harmless whatever is in it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.core.mail import EmailMessage as DjangoMail
from django.urls import reverse
from django.utils import timezone

from nightdesk.mail import mailbox
from nightdesk.mail.actions import post
from nightdesk.mail.adapters.folder import FolderCourier
from nightdesk.mail.models import OutgoingMail, Relay
from nightdesk.people.models import User
from nightdesk.settings.table import Settings

from .carrying import a_message, carried

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path):
    settings.DATA = tmp_path
    return tmp_path / "mail"


def put(folder, to: str = "reader@example.org", **parts) -> str:
    """A mail as the folder's courier writes it; returns its file's name."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = (
        "The Post <us@news.example>",
        to,
        parts.get("subject", "Confirm"),
    )
    mail["Date"] = "Mon, 04 May 2026 06:40:00 +0000"
    mail.set_content(parts.get("text", "Click here"))
    if "html" in parts:
        mail.add_alternative(parts["html"], subtype="html")
    if "attached" in parts:
        mail.add_attachment(
            parts["attached"], maintype="application", subtype="pdf", filename="a.pdf"
        )
    content = mail.as_bytes().replace(b"\n", b"\r\n")
    asyncio.run(carried(FolderCourier(folder), [a_message(to=to, content=content)]))
    return mailbox.listed(folder, "", 1)[0]


def page(client, name: str, *arguments) -> str:
    answer = client.get(reverse(name, args=arguments))
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_the_newest_stand_first_and_older_ones_on_further_pages(folder, signed_in):
    for number in range(53):
        put(folder, subject=f"No. {number:02}")
    client = signed_in("administrator")
    first = page(client, "mail")
    assert first.index("No. 52") < first.index("No. 03") and "No. 02" not in first
    before = mailbox.listed(folder, "", 50)[-1]
    second = client.get(reverse("mail"), {"before": before}).content.decode()
    assert "No. 02" in second and "No. 00" in second and "No. 03" not in second


def test_a_mail_is_shown_with_headers_text_and_what_is_attached(folder, signed_in):
    name = put(folder, text="Привіт <b>тут</b>", html="<p>Hello</p>", attached=b"x" * 2048)
    shown = page(signed_in("administrator"), "one_mail", name)
    assert "The Post &lt;us@news.example&gt;" in shown and "Confirm" in shown
    assert "Привіт &lt;b&gt;тут&lt;/b&gt;" in shown
    assert "<p>Hello</p>" not in shown, "HTML of a mail never stands in a page of ours"
    assert "a.pdf" in shown and "X-Nightdesk-Envelope-To" in shown


def test_its_html_is_a_document_that_can_only_be_read(folder, signed_in):
    evil = '<img src="https://spy.example/x.gif"><script>alert(1)</script><form action="/admin/">'
    name = put(folder, html=evil)
    client = signed_in("administrator")
    answer = client.get(reverse("mail_document", args=[name]))
    said = answer["Content-Security-Policy"]
    assert "default-src 'none'" in said and "; sandbox" in said and "allow-" not in said
    assert "script-src" not in said and "img-src data:;" in said
    assert answer["Referrer-Policy"] == "no-referrer"
    assert 'sandbox src="' in page(client, "one_mail", name)
    file = client.get(reverse("mail_file", args=[name]))
    assert file["Content-Type"] == "application/octet-stream"
    assert file["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("role", ["reporter", "editor", "producer", "desk-chief"])
def test_mail_is_for_administrators(folder, signed_in, role):
    name = put(folder)
    client = signed_in(role)
    for address, arguments in [
        ("mail", []),
        ("one_mail", [name]),
        ("mail_document", [name]),
        ("mail_file", [name]),
    ]:
        assert client.get(reverse(address, args=arguments)).status_code == 302
    assert client.post(reverse("mail_try_now")).status_code == 302
    assert reverse("mail") not in client.get("/admin/").content.decode()


def test_whoever_keeps_accounts_cannot_become_the_owner_by_reading_their_mail(
    folder, signed_in, client
):
    """A link for a new password is a mail, too."""
    owner = User.objects.create_superuser("owner", "Owner@news.example", "night-desk")
    name = put(folder, to="owner@news.example", subject="Password reset")
    client = signed_in("administrator")
    listed = page(client, "mail")
    assert "Password reset" not in listed and "theirs to read" in listed
    for address in ("one_mail", "mail_document", "mail_file"):
        assert client.get(reverse(address, args=[name])).status_code == 404
    client.force_login(owner)
    assert "Click here" in page(client, "one_mail", name)


def test_ones_own_mail_can_be_read(folder, signed_in):
    client = signed_in("administrator")
    User.objects.filter(pk=client.user.pk).update(email="keeper@news.example")
    assert "Click here" in page(client, "one_mail", put(folder, to="keeper@news.example"))


@pytest.mark.parametrize(
    "name", ["..%2f..%2fsecret-key", "nothing.eml", "x", ".hidden.eml", "a%00.eml"]
)
def test_no_other_file_is_handed_out(folder, signed_in, name):
    put(folder)
    (folder.parent / "secret-key").write_text("secret")
    (folder / "x").write_text("secret")
    (folder / ".hidden.eml").write_text("secret")
    client = signed_in("administrator")
    for end in ("", "html/", "file/"):
        answer = client.get(f"{reverse('mail')}{name}/{end}")
        assert answer.status_code == 404, answer


def test_a_link_in_the_folder_leads_nowhere(folder, signed_in):
    put(folder)
    (folder.parent / "secret").write_text("From: a\n\nsecret")
    (folder / "20990101T000000.000000Z-link.eml").symlink_to(folder.parent / "secret")
    client = signed_in("administrator")
    assert (
        client.get(reverse("one_mail", args=["20990101T000000.000000Z-link.eml"])).status_code
        == 404
    )
    assert "secret" not in page(client, "mail")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00 no mail at all",
        b"X-Nightdesk-Envelope-To: <reader@example.org>\r\nContent-Type: multipart/mixed\r\n\r\nx",
        b"X-Nightdesk-Envelope-To: <reader@example.org>\r\nContent-Type: text/plain; charset=nonsense\r\n\r\n\xff",
        b"X-Nightdesk-Envelope-To: <reader@example.org>\r\nSubject: =?utf-8?b?!!!?=\r\nDate: never\r\n\r\n",
        b"X-Nightdesk-Envelope-To: <reader@example.org>\r\nTo: \"<\r\nContent-Transfer-Encoding: base64\r\n\r\n%%",
        b"X-Nightdesk-Envelope-To: <reader@example.org>\r\nContent-Type: message/rfc822\r\n\r\nA: b",
    ],
)  # fmt: skip
def test_what_is_no_mail_breaks_nothing(folder, signed_in, content):
    folder.mkdir(parents=True)
    (folder / "20990101T000000.000000Z-odd.eml").write_bytes(content)
    client = signed_in("administrator")
    assert page(client, "mail")
    answer = client.get(reverse("one_mail", args=["20990101T000000.000000Z-odd.eml"]))
    assert answer.status_code == (200 if b"Envelope" in content else 404)


def test_with_a_relay_one_sees_what_waits_and_why_and_can_have_it_tried(
    folder, signed_in, settings
):
    settings.NIGHTDESK = Settings({"NIGHTDESK_MAIL": "smtp://us:secret@smtp.example:587"})
    Relay.objects.create(name="smtp.example:587", last_left_at=timezone.now())
    post(
        DjangoMail("Confirm", "https://news.example/t0ken", to=["reader@example.org"]),
        kind="confirmation",
    )
    later = timezone.now() + timedelta(minutes=30)
    OutgoingMail.objects.update(not_before=later, attempts=2, reply="450 greylisted")
    client = signed_in("administrator")
    shown = page(client, "mail")
    assert "smtp.example:587" in shown and "secret" not in shown
    assert "r…@example.org" in shown and "450 greylisted" in shown
    assert "reader@example.org" not in shown and "t0ken" not in shown
    assert client.post(reverse("mail_try_now")).url == reverse("mail")
    assert OutgoingMail.objects.get().not_before <= timezone.now()


def test_that_mail_does_not_leave_stands_there_in_red(folder, signed_in, settings):
    settings.PUBLIC_URL = "https://news.example"
    shown = page(signed_in("administrator"), "mail")
    assert 'role="alert"' in shown and "Mail is not leaving this server." in shown
