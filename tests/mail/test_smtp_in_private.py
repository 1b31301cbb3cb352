"""Mail to a relay is encrypted when the relay can, and a password is never sent without."""

from __future__ import annotations

import asyncio
import ssl

import pytest

from nightdesk.bench.newsletters.behaviour import Behaviour
from nightdesk.bench.newsletters.sink import Sink
from nightdesk.mail.adapters.smtp import SMTPCourier
from nightdesk.mail.relay import TLS, RelayAddress
from tests.mail.carrying import (
    HURRIED,
    LATER,
    SENT,
    a_message,
    a_relay_that,
    carried,
    courier_to,
    fates,
    greet,
    messages,
)
from tests.mail.certificates import a_certificate

#: Reaches this machine, as an address that is not known to be this machine's.
ELSEWHERE = "0.0.0.0"


@pytest.fixture
def certificate(tmp_path):
    cert, key = a_certificate(tmp_path, "news.example", ELSEWHERE)
    return {"cert": cert, "key": key}


def far_courier(port, *, tls=TLS.WHEN_OFFERED, login="", trusted=None) -> SMTPCourier:
    user, _, password = login.partition(":")
    context = ssl.create_default_context(cafile=trusted) if trusted else None
    relay = RelayAddress(ELSEWHERE, port, tls, user, password)
    courier = SMTPCourier(relay, 2, patience=HURRIED, context=context)
    courier.standing.FIRST_PAUSE = 0.01
    return courier


def with_sink(behaviour, courier_of, some=None):
    async def run():
        async with Sink(behaviour, keep=True) as sink:
            return await carried(courier_of(sink.port), some or messages(20)), sink

    return asyncio.run(run())


@pytest.mark.parametrize("tls", TLS)
def test_mail_is_encrypted(certificate, tls):
    behaviour = Behaviour(**certificate, tls_from_the_start=tls is TLS.FROM_THE_START)
    outcomes, sink = with_sink(
        behaviour, lambda port: far_courier(port, tls=tls, trusted=certificate["cert"])
    )
    assert fates(outcomes) == [SENT] * 20
    assert sink.encrypted == 20


@pytest.mark.parametrize("tls", TLS)
def test_a_certificate_that_is_not_to_be_trusted_stops_mail(certificate, tls):
    behaviour = Behaviour(**certificate, tls_from_the_start=tls is TLS.FROM_THE_START)
    outcomes, sink = with_sink(behaviour, lambda port: far_courier(port, tls=tls), messages(1))
    assert fates(outcomes) == [LATER]
    assert outcomes[0].concerns_all
    assert "is not to be trusted (self-signed certificate)" in outcomes[0].text
    assert sink.taken == 0


def test_a_certificate_for_another_name_stops_mail(tmp_path):
    cert, key = a_certificate(tmp_path, "other.example")
    outcomes, sink = with_sink(
        Behaviour(cert=cert, key=key), lambda port: far_courier(port, trusted=cert), messages(1)
    )
    assert fates(outcomes) == [LATER]
    assert "must give the relay the name that its certificate has" in outcomes[0].text
    assert sink.taken == 0


def test_on_this_machine_any_certificate_does(certificate):
    outcomes, sink = with_sink(Behaviour(**certificate), courier_to)
    assert fates(outcomes) == [SENT] * 20
    assert sink.encrypted == 20


def test_long_messages_pass_encrypted(certificate):
    long = [
        a_message(key, content=b"Subject: x\r\n\r\n" + b"%d\r\n" % key * 400_000) for key in (1, 2)
    ]
    outcomes, sink = with_sink(Behaviour(**certificate), courier_to, long)
    assert fates(outcomes) == [SENT] * 2
    assert sorted(kept for _, _, kept in sink.kept) == sorted(one.content for one in long)


@pytest.mark.parametrize("mechanisms", ["PLAIN", "LOGIN", "CRAM-MD5 LOGIN PLAIN"])
def test_one_signs_in_over_tls(certificate, mechanisms):
    login = "anna@news.example:пароль: so/so"
    behaviour = Behaviour(**certificate, login=login, mechanisms=mechanisms)
    outcomes, _ = with_sink(
        behaviour, lambda port: far_courier(port, login=login, trusted=certificate["cert"])
    )
    assert fates(outcomes) == [SENT] * 20


def test_no_password_leaves_without_tls():
    heard = []

    async def script(reader, writer):
        await greet(reader, writer, "PIPELINING", "AUTH PLAIN LOGIN")
        heard.append(await reader.read())

    async def run():
        async with a_relay_that(script) as port:
            return await carried(far_courier(port, login="anna:secret"), messages(1))

    (outcome,) = asyncio.run(run())
    assert outcome.fate.value == LATER
    assert outcome.concerns_all
    assert "offers no TLS, and a password is not sent without" in outcome.text
    assert heard == [b""]


def test_to_this_machine_a_password_may_go_plain():
    outcomes, _ = with_sink(
        Behaviour(login="anna:secret"), lambda port: courier_to(port, login="anna:secret")
    )
    assert fates(outcomes) == [SENT] * 20


def test_a_wrong_password_counts_against_no_address_and_is_not_shown():
    outcomes, _ = with_sink(
        Behaviour(login="anna:secret"),
        lambda port: courier_to(port, login="anna:wr0ng"),
        messages(1),
    )
    assert (outcomes[0].fate.value, outcomes[0].code) == (LATER, 535)
    assert outcomes[0].concerns_all
    assert "does not take the login in NIGHTDESK_MAIL: 535 " in outcomes[0].text
    assert "wr0ng" not in outcomes[0].text


def test_a_way_to_sign_in_that_we_do_not_know_is_named():
    outcomes, _ = with_sink(
        Behaviour(login="anna:secret", mechanisms="GSSAPI NTLM"),
        lambda port: courier_to(port, login="anna:secret"),
        messages(1),
    )
    assert fates(outcomes) == [LATER]
    assert outcomes[0].text.endswith("it offers: GSSAPI, NTLM.")


@pytest.mark.parametrize(
    "added", [b"250 ok\r\n", b"250-half a li"], ids=["a reply", "half a reply"]
)
def test_what_is_slipped_in_before_tls_is_not_believed(added):
    """CVE-2011-0411: somebody on the way adds a reply to what the relay says in the open."""

    async def script(reader, writer):
        await greet(reader, writer, "STARTTLS")
        await reader.readline()
        writer.write(b"220 go ahead\r\n" + added)
        await reader.read()

    async def run():
        async with a_relay_that(script) as port:
            return await carried(courier_to(port), messages(1))

    (outcome,) = asyncio.run(run())
    assert outcome.fate.value == LATER
    assert outcome.text.startswith("Somebody between us and the relay")


def test_tls_that_was_offered_and_then_refused_is_not_gone_without():
    heard = []

    async def script(reader, writer):
        await greet(reader, writer, "STARTTLS")
        await reader.readline()
        writer.write(b"454 4.7.0 TLS not available\r\n")
        heard.append(await reader.read())

    async def run():
        async with a_relay_that(script) as port:
            return await carried(courier_to(port), messages(1))

    (outcome,) = asyncio.run(run())
    assert (outcome.fate.value, outcome.code) == (LATER, 454)
    assert heard == [b""]


def test_smtps_to_a_port_that_speaks_plainly_says_what_to_write():
    outcomes, _ = with_sink(
        Behaviour(), lambda port: courier_to(port, tls=TLS.FROM_THE_START), messages(1)
    )
    assert fates(outcomes) == [LATER]
    assert "smtp:// turns to TLS later" in outcomes[0].text
