"""An administrator reads a mail in the admin; nothing in it reaches out or acts."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from nightdesk.mail.adapters.folder import FolderCourier
from nightdesk.people.models import User
from tests.end_to_end.conftest import DESK, PHONE
from tests.mail.carrying import a_message

EVIL = (
    b"From: us@news.example\r\nTo: reader@example.org\r\nSubject: Confirm\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/alternative; boundary="x"\r\n\r\n'
    b"--x\r\nContent-Type: text/plain\r\n\r\nHere: https://news.example/confirm/t0ken/\r\n"
    b"--x\r\nContent-Type: text/html\r\n\r\n<h1>Hello</h1><img src='http://spy.invalid/x.gif'>"
    b"<script>top.document.title = 'taken'</script><iframe src='http://spy.invalid/'></iframe>"
    b"<link rel=stylesheet href='http://spy.invalid/x.css'>\r\n--x--\r\n"
)


def test_a_mail_is_read_and_can_do_nothing(newsroom, page_of, settings, tmp_path):
    settings.DATA = tmp_path
    FolderCourier(tmp_path / "mail")._put(a_message(content=EVIL))
    owner = User.objects.create_superuser("owner", "owner@news.example", "night-desk")
    page = page_of(DESK, owner)
    answers: list[str] = []
    page.on("response", lambda response: answers.append(response.url))
    page.goto(f"{newsroom.url}/admin/mail/")
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("link", name="Confirm").click()
    expect(page.get_by_text("Here: https://news.example/confirm/t0ken/")).to_be_visible()
    expect(page.frame_locator("iframe.desk-mail-html").get_by_role("heading")).to_have_text("Hello")
    assert Axe().run(page).response["violations"] == []
    assert "taken" not in page.title()
    assert [url for url in answers if "spy" in url] == []
    page.set_viewport_size(PHONE["viewport"])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
