"""Who may open which address of the admin. The table beside this file was read by people.

It has one line for each address, asked about each kind of page where the address is a page's, and
one letter for each role that gets in. Choosers, histories and the like are walked with
``NIGHTDESK_FAULTS=full`` only: they are Wagtail's, alike for each kind of thing, and a minute. After a change that is meant, write it anew with
``NIGHTDESK_FAULTS=full NIGHTDESK_WRITE_RIGHTS=1 python -m pytest tests/rights`` and read the difference as if somebody
else had made it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
from django.db import transaction
from django.urls import reverse

from nightdesk.people.models import User
from nightdesk.people.roles import ROLES, give_role
from tests.people.signing import prove
from tests.rights.addresses import FOR_EVERYBODY, ONES_OWN, Address, Things, all_addresses

pytestmark = [pytest.mark.django_db, pytest.mark.fault]

TABLE = Path(__file__).with_name("who_may_what.txt")
LETTERS = dict(zip(ROLES, "REPCA", strict=True))
WHOLE = os.environ.get("NIGHTDESK_FAULTS") == "full"
_ALIKE = re.compile(r"_results|_?history|usage|copy|choose|chosen|reports:|revisions_|_link\\b")
_REFUSED = re.compile(r"/admin/(login/.*)?")
_OF_A_PAGE = ("page_id", "page_to_move_id", "page_pk")
_HEAD = """\
# Who gets in at which address of the admin. R reporter, E editor, P producer, C desk chief,
# A administrator; "-" nobody but the owner. What is not here (documents, say) answers nobody.
"""


def is_walked_always(name: str) -> bool:
    return not _ALIKE.search(name)


def address_of(address: Address, arguments: dict[str, object]) -> str:
    if "/" in address.name:
        return f"/{address.route}"
    return reverse(address.name, kwargs=arguments)


def gets_in(client, method: str, path: str) -> bool:
    """Whether the one who is signed in is answered. Nothing that the question does remains.

    Wagtail refuses with a way back to the first page, which is the dearest there is: that it
    answers is tried once, by `finds_the_first_page`, and not after each of 1,200 refusals. Any
    other redirection is followed. A poor question (400, and what Wagtail stumbles over, 500) was
    asked by somebody who got in.
    """
    client.raise_request_exception = False
    with transaction.atomic():
        answer = getattr(client, method)(path)
        for _ in range(10):
            if not 300 <= answer.status_code < 400 or _REFUSED.fullmatch(answer.url):
                break
            assert answer.status_code in (301, 302, 303), f"{path}: {answer.status_code}"
            path = urljoin(path, answer.url)
            answer = client.get(path)
        transaction.set_rollback(True)
    client.cookies.pop("messages", None)  # nobody has read why they were refused
    if 300 <= answer.status_code < 400:
        assert _REFUSED.fullmatch(answer.url), f"{path} leads round and round"
        return False
    return answer.status_code < 400 or answer.status_code in (400, 500)


def finds_the_first_page(client) -> bool:
    """Where a refusal leads, somebody of the newsroom really arrives, and goes no further."""
    return client.get("/admin/").status_code == 200


def rows(things: Things, user: User) -> list[tuple[str, str]]:
    """(the line's name, the path to ask) of every address."""
    pages = {**things.pages, "own draft": things.own_draft(user)}
    found = []
    for address in all_addresses():
        if address.name in FOR_EVERYBODY | ONES_OWN or not (
            WHOLE or is_walked_always(address.name)
        ):
            continue
        several = any(name in _OF_A_PAGE for name in address.parameters)
        for what, page in pages.items() if several else [("", things.section)]:
            try:
                arguments = things.arguments(address, page)
            except KeyError as missing:
                pytest.fail(f"{address.name}: say in addresses.py what {missing} stands for.")
            count = len(address.parameters)
            name = f"{address.name} ({count})" if count and not several else address.name
            found.append((f"{name}: {what}" if what else name, address_of(address, arguments)))
    return found


@pytest.fixture
def walked(newsroom, section, client) -> dict[str, str]:
    """Line → the letters of those who get in."""
    things = Things.made(section)
    accounts = {"": User.objects.create_superuser("owner")}
    for role, letter in LETTERS.items():
        accounts[letter] = User.objects.create_user(role)
        give_role(accounts[letter], role)
    found: dict[str, str] = {}
    for letter, user in accounts.items():
        client.force_login(user)
        prove(client, user)
        assert finds_the_first_page(client)
        for name, path in rows(things, user):
            for method in ("get", "post"):
                line = f"{method.upper():<4} {name}"
                may = gets_in(client, method, path)
                if letter == "":
                    found[line] = "" if may else "nobody"
                elif may:
                    found[line] = found[line].replace("nobody", "") + letter
    return {line: letters or "-" for line, letters in found.items() if letters != "nobody"}


def test_every_address_of_the_admin_lets_in_whom_the_table_says(walked):
    ordered = sorted(walked.items(), key=lambda line: line[0].split(maxsplit=1)[::-1])
    text = _HEAD + "".join(f"{who:<6} {name}\n" for name, who in ordered)
    if os.environ.get("NIGHTDESK_WRITE_RIGHTS"):
        TABLE.write_text(text)
    lines = [line.split(maxsplit=1) for line in TABLE.read_text().splitlines() if line[0] != "#"]
    reviewed = {
        name: who for who, name in lines if WHOLE or is_walked_always(name.split(maxsplit=1)[1])
    }
    differing = {
        name: f"the table says {reviewed.get(name)}, really {walked.get(name)}"
        for name in reviewed.keys() | walked.keys()
        if reviewed.get(name) != walked.get(name)
    }
    assert not differing, differing


def test_nobody_gets_in_without_signing_in(newsroom, section, client):
    things = Things.made(section)
    stranger = User.objects.create_user("only-for-the-draft")
    asked = rows(things, stranger)
    assert client.get("/admin/").url.startswith("/admin/login/")
    assert client.get("/admin/login/", follow=True).status_code == 200
    for method in ("get", "post"):
        open_doors = [name for name, path in asked if gets_in(client, method, path)]
        assert open_doors == (["edit_link"] if method == "get" else []), open_doors
