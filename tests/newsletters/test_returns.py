"""What comes back of a mail says which mail it was, and nobody else can say so."""

import base64
import hashlib
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightdesk.newsletters import returns, tokens

NUMBERS = st.integers(0, 2**63 - 1)


@pytest.fixture(autouse=True)
def takes_mail_back(settings):
    settings.NIGHTDESK = type(settings.NIGHTDESK)(
        {"NIGHTDESK_MAIL_BOUNCES": "bounces.example.org", "NIGHTDESK_URL": "https://news.example"}
    )


@given(NUMBERS, NUMBERS)
def test_a_mail_is_known_by_its_message_id_and_by_where_it_is_returned(edition, subscriber):
    mail = returns.Mail(edition, subscriber)
    message_id = returns.message_id(edition, subscriber)
    assert message_id == returns.message_id(edition, subscriber)
    assert returns.read_message_id(message_id) == mail
    address = returns.bounce_address(edition, subscriber)
    assert returns.read_bounce_address(f"<{address.upper()}>") == mail
    assert len(address.partition("@")[0]) <= 64


@given(NUMBERS, st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789.", min_size=1, max_size=50))
def test_what_somebody_made_up_is_no_mail_of_ours(subscriber, text):
    assert returns.read_bounce_address(f"b+{text}@bounces.example.org") is None
    other = returns.bounce_address(1, subscriber).replace("b+1.", "b+2.")
    assert returns.read_bounce_address(other) is None
    assert returns.read_message_id(returns.bounce_address(1, subscriber)[2:]) is None


def test_a_wish_to_unsubscribe_keeps_whose_it_is_in_small_letters_too():
    token = tokens.for_reader(uuid.uuid4(), 7)
    address = returns.wish_address(token)
    assert len(address.partition("@")[0]) <= 64
    read = tokens.read(tokens.READER, token)
    assert returns.read_wish_address(address) == read
    assert returns.read_wish_address(address.upper()) == read
    assert returns.read_wish_address(f"u+{token}@bounces.example.org") == read
    assert returns.read_wish_address(f"u+{token[:-2]}AA@bounces.example.org") is None
    assert returns.read_wish_address(f"u+{'a' * 52}@bounces.example.org") is None


def test_a_newsroom_that_takes_no_mail_back_names_no_address_for_it(settings):
    settings.NIGHTDESK = type(settings.NIGHTDESK)({"NIGHTDESK_URL": "https://news.example"})
    assert returns.bounce_address(1, 2) == ""
    assert returns.wish_address(tokens.for_reader(uuid.uuid4(), 7)) == ""


def test_signatures_are_written_as_the_standard_library_writes_them():
    for number in range(500):
        mac = hashlib.sha256(b"%d" % number).digest()
        assert returns._letters(mac) == base64.b32encode(mac[:10]).decode().lower()
