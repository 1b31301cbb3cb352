"""`nightdesk bench newsletters` measures what it says, beside what it says."""

from __future__ import annotations

import pytest

from nightdesk.bench.newsletters import command, rows, writer
from nightdesk.bench.newsletters.fill import html, text
from nightdesk.bench.newsletters.room import SIZE, Room, cpu, rate
from nightdesk.newsletters.delivery import quoted
from nightdesk.newsletters.delivery.quoted import TOKEN


def said(count: int, seconds: float, cpu_seconds: float = 0.0) -> dict:
    return {"sent": count, "seconds": seconds, "cpu_seconds": cpu_seconds}


def test_everything_is_measured_in_turns_and_the_order_changes():
    order: list[str] = []

    def noting(name: str):
        return lambda: order.append(name) or said(1, 1)

    measured = rows.in_turns(3, {"a": noting("a"), "b": noting("b")})
    assert order == ["a", "b", "b", "a", "a", "b"]
    assert [len(one) for one in measured.values()] == [3, 3]


def test_a_rate_and_processor_time_are_those_of_one_message():
    assert rate(said(500, 2.0)) == 250
    assert cpu(said(500, 2.0, cpu_seconds=0.05)) == pytest.approx(100)


def test_the_ratio_is_the_median_of_the_rounds(monkeypatch):
    """A round in which the machine did something else counts once, for both sides."""
    possible = iter([said(100, 1.0), said(100, 1.0), said(100, 10.0)])
    ours = iter([said(100, 2.0), said(100, 1.25), said(100, 10.0)])
    monkeypatch.setattr(rows, "smtp_source", lambda count: next(possible))

    class Quick(Room):
        def __init__(self) -> None:
            pass

        def send(self, *, synchronous: str = "FULL", **_more: object) -> dict:
            return next(ours) if synchronous == "FULL" else said(100, 1.0)

    figures = {one.what: one for one in rows.rates(Quick(), rows.Options(3, 100))}
    as_shipped = figures["messages a second, as shipped (synchronous=FULL)"]
    assert as_shipped.ratio == pytest.approx(0.8)
    assert as_shipped.met


def test_the_mail_has_the_size_that_is_said_and_a_readers_token_in_both_parts():
    parts = [quoted.pieces(text()), quoted.pieces(html())]
    assert [len(one) for one in parts] == [3, 3]
    size = sum(len(piece) + TOKEN for part in parts for piece in part)
    assert size == pytest.approx(SIZE, rel=0.05)


def test_an_unknown_row_is_refused_and_the_known_ones_are_named(capsys):
    with pytest.raises(SystemExit):
        command.bench(["--rows", "speed"])
    told = capsys.readouterr().err
    assert all(row in told for row in command.ROWS)


def test_a_program_that_is_lacking_is_named(monkeypatch, capsys):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(command.shutil, "which", lambda *_given, **_more: None)
    assert command.bench(["--rows", "rates"]) == 2
    assert "smtp-source" in capsys.readouterr().err


@pytest.mark.slow
def test_a_small_measurement_from_end_to_end():
    """Half a minute: a newsroom is made, filled and sends to a sink."""
    from nightdesk.bench.newsletters.room import room

    with room(200) as made:
        (seconds, memory, snapshot) = rows.whole(made, rows.Options(1, 200))
    assert seconds.met is None, "too few to be measured by the goal"
    assert 20 < memory.value < 150
    assert snapshot.value > 0


class Timed(Room):
    """Everybody takes the seconds that are given for them."""

    def __init__(self, **seconds: float) -> None:
        self.seconds = seconds

    def send(self, **_more: object) -> dict:
        return said(1000, self.seconds["ours"])

    def rival(self, name: str, count: int) -> dict:
        return said(count, self.seconds[name] * count / 1000)


def test_a_rival_is_compared_by_its_rate_and_beside_it_stands_what_is_possible(monkeypatch):
    monkeypatch.setattr(rows, "smtp_source", lambda count: said(1000, 0.1))
    room = Timed(ours=0.2, smtplib=1.0, aiosmtplib=2.0, django=8.0, courier=0.125)
    figures = {one.beside[0]: one for one in rows.rivals(room, rows.Options(2, 1000))}
    assert figures["smtplib"].ratio == pytest.approx(5)
    *_, django, courier, possible = rows.rivals(room, rows.Options(2, 1000))
    assert (django.ratio, django.met) == (pytest.approx(40), False)
    assert courier.ratio == pytest.approx(64)
    assert possible.ratio == pytest.approx(80)


def test_how_long_others_wait_is_said_in_milliseconds_of_the_slowest_twentieth():
    seconds = [0.001] * 94 + [0.02] * 5 + [0.5]
    assert writer._said(seconds) == {"p50": 1.0, "p95": 20.0, "most": 500.0}
    assert writer._said([]) == {}
