"""No more leaves than the relay allows, and less while it refuses."""

from __future__ import annotations

from nightdesk.mail.pace import LONGEST_PAUSE, Pace


def test_without_a_rate_as_much_as_there_is_room_for():
    assert Pace().allowed(0.0, 50) == 50


def test_a_rate_is_kept_over_any_minute():
    pace, left = Pace(14.0), 0
    for tick in range(60 * 20):
        allowed = pace.allowed(tick / 20, 100)
        pace.spend(allowed)
        left += allowed
    assert 60 * 14 - 1 <= left <= 61 * 14


def test_a_rate_below_one_a_second_is_kept_too():
    pace = Pace(0.5, tokens=1.0)
    assert pace.allowed(0.0, 9) == 1
    pace.spend(1)
    assert pace.allowed(1.9, 9) == 0
    assert abs(pace.wait(1.9) - 0.1) < 1e-6
    assert pace.allowed(2.01, 9) == 1


def test_a_restart_is_no_burst():
    assert Pace(100.0, tokens=3.0).allowed(0.0, 500) == 3


def test_a_quiet_hour_saves_up_no_more_than_a_second():
    assert Pace(14.0).allowed(3600.0, 500) == 14


def test_a_relay_that_refuses_gets_growing_pauses_and_one_message_that_tries():
    pace, now, pauses = Pace(), 0.0, []
    for _try in range(9):
        assert pace.trouble(now)
        assert pace.allowed(now, 50) == 0
        pauses.append(pace.wait(now))
        now += pace.wait(now)
        assert pace.allowed(now, 50) == 1
        pace.spend(1)
        assert pace.allowed(now, 50) == 0, "one is being tried already"
    assert pauses[:4] == [1, 2, 4, 8] and pauses[-1] == LONGEST_PAUSE
    pace.taken()
    assert pace.allowed(now, 50) == 50
    pace.trouble(now)
    assert pace.wait(now) == 1


def test_what_was_under_way_at_once_is_refused_once():
    pace = Pace()
    assert pace.trouble(0.0)
    assert not any(pace.trouble(0.1) for _each in range(10))
    assert pace.wait(0.0) == 1


def test_a_relay_that_asks_for_less_gets_half_and_later_all_again():
    pace = Pace(16.0)
    for at in (0.0, 2.0):
        pace.trouble(at)
        pace.taken()
    assert pace.speed == 0.25
    pace.allowed(62.5, 99)
    assert pace.speed == 0.5
    pace.allowed(123.0, 99)
    assert pace.speed == 1.0
    for at in range(200, 300, 2):
        pace.trouble(float(at))
        pace.taken()
    assert pace.speed == 1 / 16
