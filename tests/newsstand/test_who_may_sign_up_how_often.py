"""Sign-ups for newsletters: a few from one place, then a little work, and nobody is locked out."""

from __future__ import annotations

import time
from urllib.parse import urlencode

import pytest

from nightdesk.newsstand.proof import EASY, SECONDS, Proofs, has_zeros, solve

from .test_a_flood_is_turned_away import TOLD, long_ways
from .test_who_may_try_how_often import FORM, SECRET

HERE = "/newsletters/sign-up/"
JSON = {"accept": "application/json"}


@pytest.fixture
def newsstand(site, open_newsstand):
    return open_newsstand(trusted=["127.0.0.1"], secret=SECRET)


def sign_up(newsstand, client: str = "203.0.113.1", path: str = HERE, **headers: str):
    form = urlencode({"email": "olha@example.org", "newsletter": "morning"})
    return newsstand.get(path, "POST", form, x_forwarded_for=client, **(FORM | headers))


def used_up(newsstand, client: str = "203.0.113.1"):
    """The answer to the first sign-up too many."""
    for _ in range(20):
        answer = sign_up(newsstand, client, **JSON)
        if answer.status == 429:
            return answer
    raise AssertionError("never refused")


def test_one_place_signs_up_a_few_times_and_then_waits(site, newsstand):
    got = [sign_up(newsstand).status for _ in range(15)]
    assert got == [200] * 10 + [429] * 5
    assert sign_up(newsstand, "203.0.113.2").status == 200
    assert len(site.seen) == 11


def test_the_refusal_is_in_plain_words_of_the_edition(site, newsstand):
    used_up(newsstand)
    english = sign_up(newsstand).body.decode()
    assert "Too many attempts. Please try again in a few minutes." in english
    ukrainian = sign_up(newsstand, path="/uk/newsletters/sign-up/").body.decode()
    assert "Забагато спроб. Спробуйте ще раз за кілька хвилин." in ukrainian
    assert '<html lang="uk">' in ukrainian


def test_a_script_that_does_the_work_gets_through_at_once(site, newsstand):
    challenge = used_up(newsstand).json["proof"]
    assert sign_up(newsstand, x_proof=challenge + ".0").status == 429
    assert sign_up(newsstand, x_proof=solve(challenge)).status == 200


def test_a_proof_serves_once(site, newsstand):
    proof = solve(used_up(newsstand).json["proof"])
    assert [sign_up(newsstand, x_proof=proof).status for _ in range(3)] == [200, 429, 429]


def test_with_proofs_too_there_is_an_end(site, open_newsstand):
    newsstand = open_newsstand(secret=SECRET, proved_sign_ups_by_client=3)
    made = Proofs(SECRET)
    got = [sign_up(newsstand, x_proof=solve(made.challenge(8))).status for _ in range(5)]
    assert got == [200] * 3 + [429] * 2


def test_without_a_script_whoever_shares_an_address_with_a_bomber_gets_through_in_the_end(
    site, open_newsstand
):
    """One every half minute: as if that time had passed."""
    first = (
        "from nightdesk.newsstand import gate\n"
        "plain = gate.Buckets.__init__\n"
        "gate.Buckets.__init__ = lambda self, burst, seconds, size=10_000: "
        "plain(self, burst, seconds / 6, size)\n"
    )
    newsstand = open_newsstand(secret=SECRET, sign_ups_by_client=1, first=first)
    assert sign_up(newsstand).status == 200
    assert sign_up(newsstand).status == 429
    for _half_second in range(40):
        time.sleep(0.5)
        if (answer := sign_up(newsstand).status) == 200:
            break
    assert answer == 200


def test_all_strangers_together_have_a_bound(site, open_newsstand):
    newsstand = open_newsstand(trusted=["127.0.0.1"], secret=SECRET, sign_ups_by_strangers=5)
    got = [sign_up(newsstand, f"203.0.113.{n}").status for n in range(30)]
    assert 5 <= got.count(200) < 30
    refused = sign_up(newsstand, "203.0.113.99", **JSON)
    if refused.status == 429:
        assert (
            sign_up(newsstand, "203.0.113.99", x_proof=solve(refused.json["proof"])).status == 200
        )


def test_an_ipv6_customer_is_one_place(site, newsstand):
    got = [sign_up(newsstand, f"2001:db8:1:2::{n:x}").status for n in range(12)]
    assert got.count(429) == 2


def test_while_few_confirm_more_is_asked_of_everybody(site, open_newsstand):
    """The site says so beside an answer; readers do not see it."""
    newsstand = open_newsstand(trusted=["127.0.0.1"], secret=SECRET)
    told = sign_up(newsstand, "203.0.113.1", x_password="guarded")
    assert told["x-nightdesk-guarded"] is None
    got = [sign_up(newsstand, "203.0.113.2").status for _ in range(4)]
    assert got == [200, 200, 429, 429]
    refused = sign_up(newsstand, "203.0.113.2", **JSON)
    assert sign_up(newsstand, "203.0.113.2", x_proof=solve(refused.json["proof"])).status == 200


def test_of_a_flood_only_what_is_counted_takes_the_long_way(site, open_newsstand):
    newsstand = open_newsstand(first=TOLD, secret=SECRET, sign_ups_by_client=4)
    got = [sign_up(newsstand, **JSON).status for _ in range(40)]
    assert got.count(200) == long_ways(newsstand) == 4
    assert got.count(429) == 36


def test_reading_and_the_newsletters_page_are_not_counted(site, newsstand):
    used_up(newsstand)
    assert newsstand.get(HERE, x_forwarded_for="203.0.113.1").status == 200
    assert newsstand.get("/newsletters/", x_forwarded_for="203.0.113.1").status == 200


def test_a_challenge_says_until_when_it_holds_and_whose_it_is():
    ours = Proofs(SECRET)
    proof = solve(ours.challenge(8, now=1000))
    assert ours.holds(proof, now=1000 + SECONDS)
    assert not ours.holds(proof, now=1001 + SECONDS)
    assert Proofs(SECRET).holds(proof, now=1000)
    assert not Proofs("another secret").holds(proof, now=1000)


@pytest.mark.parametrize(
    "proof", ["", ".", "....", "14.0.0.0.0", "x" * 500, "ї.1.2.3.4", "0.ffffffffff.aa.bb.1"]
)
def test_what_is_no_proof_is_none(proof):
    assert not Proofs(SECRET).holds(proof)


def test_nobody_lowers_what_is_asked_of_them():
    ours = Proofs(SECRET)
    challenge = ours.challenge(20)
    assert not ours.holds(solve("1" + challenge[2:]))


def test_used_challenges_do_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr("nightdesk.newsstand.proof._MOST_USED", 100)
    ours = Proofs(SECRET)
    for number in range(300):
        ours.use(f"{number}.0")
    assert len(ours._used) == 100


def test_an_easy_proof_is_fourteen_bits():
    assert has_zeros(solve(Proofs(SECRET).challenge()), EASY)
