"""An editor without a browser: fills in the admin's own forms over HTTP."""

from __future__ import annotations

import http.client
import json
import subprocess
from pathlib import Path
from urllib.parse import urlencode

from bs4 import BeautifulSoup

from tests.run.conftest import PROGRAM, environment

_SIGN_IN = """
import json
from django.contrib import auth
from django.contrib.sessions.backends.db import SessionStore
from nightdesk.people.roles import give_role
from nightdesk.stories.models import SectionPage
sessions = []
for number in range({count}):
    user = auth.get_user_model().objects.create(username=f"editor-{{number}}")
    give_role(user, "desk-chief")
    session = SessionStore()
    session[auth.SESSION_KEY] = str(user.pk)
    session[auth.BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[auth.HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    sessions.append(session.session_key)
section = SectionPage.objects.order_by("pk").first()
print(json.dumps([section.pk, sessions]))
"""


#: As many as the promise about a whole newsroom speaks of.
EDITORS = 24
_LIST = "editors.json"


def employ(data: Path) -> None:
    """Once for all tests: to start Django costs as much as a test's own editor does in it."""
    words = ["django", "shell", "--data", str(data), "--no-imports", "-c"]
    answer = subprocess.run(
        [*PROGRAM, *words, _SIGN_IN.format(count=EDITORS)],
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
    )
    assert answer.returncode == 0, answer.stderr
    (data / _LIST).write_text(answer.stdout)


def sign_in(data: Path, count: int) -> tuple[int, list[str]]:
    """The first section's id, and a session for each of ``count`` editors."""
    section, sessions = json.loads((data / _LIST).read_text())
    return section, sessions[:count]


class Editor:
    """``statuses`` holds the status of every answer; 0 when the connection broke."""

    def __init__(self, port: int, session: str) -> None:
        self._port = port
        self._cookies = {"nightdesk_session": session, "nightdesk_staff": "1"}
        self.statuses: list[int] = []
        self.published = 0

    def ask(self, method: str, path: str, form: dict | None = None) -> tuple[str, str]:
        """(where it redirects to or "", the page)."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=180)
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, path, urlencode(form, doseq=True) if form else None, headers)
            answer = connection.getresponse()
            page = answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            self.statuses.append(0)
            return "", str(error)
        finally:
            connection.close()
        self.statuses.append(answer.status)
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                name, _equals, value = value.partition(";")[0].partition("=")
                self._cookies[name] = value
        return answer.getheader("Location") or "", page

    def publish(self, address: str, headline: str) -> str:
        """Publish with the form at ``address``; where the admin leads next, "" when it did not."""
        _to, page = self.ask("GET", address)
        form = BeautifulSoup(page, "html.parser").select_one("#page-edit-form")
        if form is None:
            return ""
        filled = as_it_stands(form)
        filled |= {"title": headline, "action-publish": "action-publish"}
        filled |= one_paragraph(f"{headline}, said somebody who was there.")
        leads_to, _page = self.ask("POST", address, filled)
        self.published += bool(leads_to)
        return leads_to

    def brief(self, text: str) -> str:
        """Publish a brief with the short form; where the admin leads next, "" when it did not."""
        _to, page = self.ask("GET", "/admin/brief/")
        form = BeautifulSoup(page, "html.parser").select_one("form:has(textarea[name=text])")
        if form is None:
            return ""
        leads_to, _page = self.ask("POST", "/admin/brief/", as_it_stands(form) | {"text": text})
        return leads_to


def as_it_stands(form: BeautifulSoup) -> dict[str, object]:
    held: dict[str, object] = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        name = field["name"]
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            held[name] = chosen.get("value", "") if chosen else ""
        elif field.name == "textarea":
            held[name] = field.text.strip()
        elif field.get("type") not in ("checkbox", "radio", "submit"):
            held[name] = field.get("value", "")
    return held


def one_paragraph(text: str) -> dict[str, str]:
    """The story's body as the editor's script would send it: one block of text."""
    block = {"key": "a", "type": "unstyled", "depth": 0, "text": text}
    content = {"blocks": [block | {"inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}}
    return {
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "text",
        "body-0-id": "",
        "body-0-value": json.dumps(content),
    }
