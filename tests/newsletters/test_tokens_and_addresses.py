"""A reader's link says who they are to us and nothing to anybody else; an address is read once."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightdesk.newsletters import tokens
from nightdesk.newsletters.addresses import NoAddressError, read

UID = uuid.UUID("8d1f0c55-9a3d-4a8e-9d53-0f7f5b6f5a11")


def test_the_link_of_a_mail_never_ends_and_is_the_same_every_time():
    text = tokens.for_reader(UID, 7)
    assert text == tokens.for_reader(UID, 7)
    assert len(text) == 43
    assert tokens.read(tokens.READER, text, now=9e9) == tokens.Token(UID, 7)


def test_a_link_to_confirm_ends_after_seven_days_and_still_says_whose_it_was():
    text = tokens.for_confirming(UID, now=1_000_000)
    assert tokens.read(tokens.CONFIRM, text, now=1_000_000 + 7 * 86_400).uid == UID
    with pytest.raises(tokens.EndedTokenError) as ended:
        tokens.read(tokens.CONFIRM, text, now=1_000_001 + 7 * 86_400)
    assert ended.value.token.uid == UID


def test_a_link_for_one_thing_does_no_other():
    with pytest.raises(tokens.BadTokenError):
        tokens.read(tokens.CONFIRM, tokens.for_reader(UID, 7))
    with pytest.raises(tokens.BadTokenError):
        tokens.read(tokens.READER, tokens.for_confirming(UID))


@given(place=st.integers(0, 42), letter=st.sampled_from("ABCXYZabcxyz0189-_="))
def test_a_link_with_one_letter_changed_is_none(place, letter):
    text = tokens.for_reader(UID, 7)
    changed = text[:place] + letter + text[place + 1 :]
    if changed != text:
        with pytest.raises(tokens.BadTokenError):
            tokens.read(tokens.READER, changed)


@given(st.text(max_size=60))
def test_what_is_no_link_raises_nothing_else(text):
    with pytest.raises(tokens.BadTokenError):
        tokens.read(tokens.READER, text)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("  Olha.K@Example.ORG ", "olha.k@example.org"),
        ("o+news@example.org", "o+news@example.org"),
        ("ольга@приклад.укр", "ольга@xn--80aikifvh.xn--j1amh"),
    ],
)
def test_two_spellings_of_one_address_have_one_key(typed, key):
    assert read(typed).key == key


@pytest.mark.parametrize(
    "typed",
    ["", "olha", "olha@", "@example.org", "a b@example.org", "a@b@example.org", "a@localhost",
     '"a b"@example.org', "a@[127.0.0.1]", "a@example..org", "x" * 300 + "@example.org",
     "a@example.org\r\nBcc: b@example.org", "a@exa\x00mple.org"],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(NoAddressError):
        read(typed)


def test_a_link_that_proves_an_address_holds_for_a_day_and_for_that_address():
    mine, other = read("olha@example.org").fingerprint, read("olga@example.org").fingerprint
    for purpose, make in ((tokens.OWNER, tokens.for_owner), (tokens.MOVE, tokens.for_moving)):
        text = make(UID, mine, now=1_000_000)
        token = tokens.read(purpose, text, now=1_000_000 + 86_400)
        assert token.uid == UID
        assert token.is_for(mine) and not token.is_for(other)
        with pytest.raises(tokens.EndedTokenError):
            tokens.read(purpose, text, now=1_000_001 + 86_400)
