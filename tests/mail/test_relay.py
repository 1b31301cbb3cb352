"""NIGHTDESK_MAIL names a relay, and an operator is told what is wrong with it."""

import pytest

from nightdesk.mail.adapters.folder import FolderCourier
from nightdesk.mail.adapters.smtp import SMTPCourier
from nightdesk.mail.choose import chosen
from nightdesk.mail.relay import TLS, RelayAddress, relay_address
from nightdesk.settings.table import SettingError, Settings


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", RelayAddress("mail.example", 25)),
        ("smtp://mail.example:2525/", RelayAddress("mail.example", 2525)),
        (
            "smtp://anna:secret@mail.example",
            RelayAddress("mail.example", 587, TLS.WHEN_OFFERED, "anna", "secret"),
        ),
        (
            "smtps://anna:secret@mail.example",
            RelayAddress("mail.example", 465, TLS.FROM_THE_START, "anna", "secret"),
        ),
        (
            "smtps://anna%40news.example:a%3Ab%2Fc%25@mail.example:1465",
            RelayAddress("mail.example", 1465, TLS.FROM_THE_START, "anna@news.example", "a:b/c%"),
        ),
        ("smtp://[::1]:1025", RelayAddress("::1", 1025)),
        ("smtp://пошта.укр", RelayAddress("xn--80a1acn3a.xn--j1amh", 25)),
    ],
)
def test_a_relay_is_read_from_one_line(url, expected):
    assert relay_address(url) == expected


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("smtp://anna@mail.example", "a user and a password go together"),
        ("smtp://:secret@mail.example", "a user and a password go together"),
        ("smtp://anna:secret@mail.example:465", "write smtps:// instead"),
        ("http://mail.example", "expected smtp://"),
        ("smtp://mail.example:99999", "expected smtp://"),
    ],
)
def test_a_relay_that_cannot_be_is_refused_without_showing_the_password(url, words):
    with pytest.raises(SettingError) as refused:
        relay_address(url)
    assert words in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_relay_is_shown_without_its_login():
    relay = relay_address("smtp://anna:secret@mail.example")
    assert str(relay) == "mail.example:587"
    assert "secret" not in repr(relay)


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("mail.example", False),
        ("localhost.example", False),
        ("10.0.0.1", False),
    ],
)
def test_this_machine_is_known(host, here):
    assert RelayAddress(host, 25).on_this_machine is here


def test_the_settings_choose_the_courier(tmp_path):
    data = {"NIGHTDESK_DATA": str(tmp_path)}
    folder = chosen(Settings(data))
    assert isinstance(folder, FolderCourier)
    assert folder.folder == tmp_path / "mail"
    relay = chosen(
        Settings(
            {
                **data,
                "NIGHTDESK_MAIL": "smtp://mail.example",
                "NIGHTDESK_MAIL_CONNECTIONS": "4",
                "NIGHTDESK_URL": "https://news.example",
            }
        )
    )
    assert isinstance(relay, SMTPCourier)
    assert relay.relay.host == "mail.example"
    assert relay.standing.most == 4
    assert relay.name == "news.example"
