"""The sink that sending is measured against does what it is told, and writes down what it took."""

from __future__ import annotations

import argparse
import smtplib

import pytest

from nightdesk.bench.newsletters.behaviour import Behaviour, Refusal, add_options, from_options
from nightdesk.bench.newsletters.ledger import Taken, more_than_once, taken
from nightdesk.bench.newsletters.sink import running

CONTENT = (
    b"Subject: x\r\nMessage-ID: <%d@news.example>\r\n"
    b"List-Unsubscribe: <https://news.example/u/%d>,\r\n <mailto:u@news.example>\r\n\r\nx\r\n.\r\n"
)


def send(port: int, key: int, to: str = "a@post.example") -> None:
    """Over another client than ours."""
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as relay:
        relay.sendmail("news@news.example", [to], CONTENT % (key, key))


def test_what_was_taken_is_written_down_and_survives_the_sinks_own_end(tmp_path):
    log = tmp_path / "taken.tsv"
    with running(log=log) as sink:
        for key in (1, 2, 1):
            send(sink.port, key)
        sink.process.kill()
        sink.process.wait()
    assert [entry.message_id for entry in taken(log)] == [
        f"<{key}@news.example>" for key in (1, 2, 1)
    ]
    assert more_than_once(taken(log)) == {"<1@news.example>": 2}
    assert next(taken(log)) == Taken(
        "a@post.example",
        "<1@news.example>",
        "<https://news.example/u/1>, <mailto:u@news.example>",
        "told",
    )


def test_it_counts_what_it_took(tmp_path):
    with running() as sink:
        send(sink.port, 1)
        summary = sink.stop()
    assert (summary["taken"], summary["connections"]) == (1, 1)
    assert summary["cpu_seconds"] > 0


def test_it_refuses_whom_it_is_told_to():
    with running(Behaviour(refuse=(Refusal(550, 1, "rcpt", "gone@*"),))) as sink:
        send(sink.port, 1)
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            send(sink.port, 2, "gone@post.example")
        assert refused.value.recipients["gone@post.example"][0] == 550
        assert sink.stop()["taken"] == 1


def test_it_takes_hangs_up_and_says_so_in_its_log(tmp_path):
    log = tmp_path / "taken.tsv"
    with running(Behaviour(cut_after_dot=1), log) as sink:
        with pytest.raises(smtplib.SMTPServerDisconnected):
            send(sink.port, 1)
        assert [entry.answered for entry in taken(log)] == ["cut"]


def test_a_share_is_about_that_share():
    with running(Behaviour(refuse=(Refusal(450, 0.3),), seed=3)) as sink:
        refused = 0
        with smtplib.SMTP("127.0.0.1", sink.port, timeout=10) as relay:
            for key in range(200):
                try:
                    relay.sendmail("news@news.example", ["a@post.example"], CONTENT % (key, key))
                except smtplib.SMTPRecipientsRefused:
                    refused += 1
        assert 35 <= refused <= 85
        assert sink.stop()["refused"] == refused


def test_every_behaviour_can_be_said_on_the_command_line():
    behaviour = Behaviour(
        delay=40,
        refuse=(Refusal(450, 0.02), Refusal(550, 1, "dot", "x:y@*")),
        cut_after_dot=0.005,
        greylist=True,
        goodbye_after=20,
        login="anna:secret",
    )
    parser = argparse.ArgumentParser()
    add_options(parser)
    assert from_options(parser.parse_args(behaviour.arguments())) == behaviour
