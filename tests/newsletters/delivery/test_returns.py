"""Addresses that come back say whose mail it was, and nobody else can make one."""

from __future__ import annotations

import uuid

import pytest

from nightdesk.newsletters import tokens
from nightdesk.newsletters.delivery import returns


@pytest.fixture
def gets_returned_mail(settings, monkeypatch):
    monkeypatch.setitem(
        settings.NIGHTDESK._values, "NIGHTDESK_MAIL_BOUNCES", "bounces.news.example"
    )


def test_returned_mail_says_whose_it_was(gets_returned_mail):
    address = returns.bounce_address(12, 345)
    assert address.startswith("b+12.345.")
    assert address.endswith("@bounces.news.example")
    assert len(address.partition("@")[0]) <= 64
    assert returns.read_bounce_address(f"<{address.upper()}>") == (12, 345)


@pytest.mark.parametrize(
    "address",
    ["b+12.346.{mac}@b.example", "12.345.{mac}@b.example", "b+12.345.@b.example", "", "b+@x", "@"],
)
def test_nobody_else_makes_such_an_address(gets_returned_mail, address):
    mac = returns.bounce_address(12, 345).partition("@")[0].rpartition(".")[2]
    assert returns.read_bounce_address(address.format(mac=mac)) is None


def test_a_signature_for_one_thing_is_none_for_another(gets_returned_mail):
    name = returns.message_id(12, 345)
    assert returns.read_message_id(f"<{name}>") == (12, 345)
    assert returns.read_bounce_address(f"b+{name}") is None


def test_a_message_is_called_the_same_each_time_and_no_two_alike():
    assert returns.message_id(1, 23) == returns.message_id(1, 23)
    assert len({returns.message_id(*ids) for ids in ((1, 23), (12, 3), (2, 23), (1, 24))}) == 4


def test_without_a_domain_for_returned_mail_it_goes_to_the_newsroom(settings):
    assert returns.bounce_address(12, 345) == settings.DEFAULT_FROM_EMAIL
    assert returns.unsubscribe_mailto("x") == ""


def test_a_wish_to_leave_says_whose_it_is(gets_returned_mail):
    uid = uuid.uuid4()
    token = tokens.for_reader(uid, 7)
    address, _, subject = returns.unsubscribe_mailto(token).partition("?subject=")
    assert address == "mailto:unsubscribe@bounces.news.example"
    assert returns.read_unsubscribe_subject(f"Re: {subject} ") == tokens.Token(uid, 7)
    with pytest.raises(tokens.BadTokenError):
        returns.read_unsubscribe_subject("please take me off")
