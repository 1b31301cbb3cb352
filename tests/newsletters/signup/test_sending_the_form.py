"""What a form answers: the newsroom's words, and the same whatever is known of the address."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale

from nightdesk.mail.models import OutgoingMail
from nightdesk.newsletters import subscribing
from nightdesk.newsletters.addresses import read
from nightdesk.newsletters.models import Suppression, Wish
from nightdesk.newsletters.signup import actions, words
from tests.newsletters.signup.conftest import a_newsletter

pytestmark = pytest.mark.django_db

HERE = "/newsletters/sign-up/"
JSON = {"HTTP_ACCEPT": "application/json"}


def send(client, newsletter: str | list[str], email: str = "olha@example.org", **more: str):
    headers = {name: more.pop(name) for name in list(more) if name.startswith("HTTP_")}
    return client.post(HERE, {"email": email, "newsletter": newsletter, **more}, **headers)


def test_one_newsletter_says_thanks_for_it_and_what_to_do(client, morning):
    answer = send(client, "morning-watch")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Successfully subscribed" in page
    assert (
        "Thank you for signing up for this newsletter. We’ve sent you a confirmation email." in page
    )
    assert "Open it and press Confirm. No email after a few minutes? Look in your spam" in page
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


def test_several_newsletters_are_thanked_for_together(client, morning, evening):
    answer = send(client, ["morning-watch", "evening-watch"], **JSON)
    assert answer.json()["text"] == (
        "Thank you for signing up. We’ve sent you a confirmation email."
    )
    assert Wish.objects.get().newsletters == [morning.pk, evening.pk]


@pytest.mark.parametrize("typed", ["", "olha", "olha@", "olha@example", "a b@example.org", "\0@a"])
def test_what_is_no_address_comes_back_with_the_error_beside_it(client, morning, typed):
    answer = send(client, "morning-watch", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    field = re.search(r"<input[^>]+type=\"email\"[^>]*>", page)[0]
    assert 'aria-invalid="true"' in field and "autofocus" in field
    said = re.search(r'aria-describedby="([^"]+)"', field)[1]
    assert f'id="{said}"><span class="sign-up__error">Please, enter correct email address' in page
    assert f'value="{typed.replace(chr(0), "")}"' in field
    assert 'name="newsletter" value="morning-watch"' in page
    assert not Wish.objects.exists()


def test_a_script_is_told_the_same(client, morning):
    answer = send(client, "morning-watch", "olha", **JSON)
    assert answer.status_code == 422
    assert answer.json() == {"error": "Please, enter correct email address", "field": "email"}
    told = send(client, "morning-watch", **JSON).json()
    assert told["title"] == "Successfully subscribed"


def test_whoever_chose_no_newsletter_is_asked_to(client, morning, evening):
    answer = send(client, [])
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose at least one newsletter." in page
    assert page.count('type="checkbox"') == 2
    assert 'value="olha@example.org"' in page


def test_what_is_not_offered_cannot_be_had(client, newsroom, morning):
    a_newsletter(newsroom.locale, "Planned", offered=False)
    assert send(client, "planned").status_code == 422
    assert send(client, ["planned", "morning-watch"]).status_code == 200
    assert Wish.objects.get().newsletters == [morning.pk]


def test_a_newsletter_says_it_in_its_own_words(client, morning):
    for field, own in [
        ("invalid_words", "That is no address."),
        ("accepted_title", "Welcome aboard"),
        ("accepted_words", "Look into your mailbox."),
    ]:
        setattr(morning, field, own)
    morning.save()
    assert send(client, "morning-watch", "x", **JSON).json()["error"] == "That is no address."
    told = send(client, "morning-watch", **JSON).json()
    assert (told["title"], told["text"]) == ("Welcome aboard", "Look into your mailbox.")


def test_the_ukrainian_edition_answers_in_ukrainian(client, newsroom):
    a_newsletter(Locale.objects.get(language_code="uk"), "Ранок", order=1)
    sent = {"email": "olha@example.org", "newsletter": "ранок"}
    answer = client.post("/uk/newsletters/sign-up/", sent)
    assert "Підписку оформлено" in answer.content.decode()
    bad = client.post("/uk/newsletters/sign-up/", sent | {"email": "x"})
    assert "Будь ласка, введіть правильну електронну адресу" in bad.content.decode()


def test_every_word_around_a_form_is_said_in_ukrainian(newsroom, morning):
    english, ukrainian = (words.words_of([morning], code) for code in ("en", "uk"))
    for name in english.__dataclass_fields__:
        assert getattr(english, name) != getattr(ukrainian, name), name
    for said in (words.after_sending, words.while_mail_waits):
        assert said("en") != said("uk")


@pytest.fixture
def states(morning):
    """An address of each kind, by what is known of it."""
    known = {"new": "new@example.org"}
    for state in ("pending", "active", "suppressed", "limit", "ended"):
        known[state] = f"{state}@example.org"
    for state in ("pending", "active", "ended"):
        asked = subscribing.ask(read(known[state]), [morning], language="en")
        if state != "pending":
            subscribing.confirm(asked.subscriber)
        if state == "ended":
            subscribing.end(asked.subscriber, morning, "link")
    Suppression.objects.create(fingerprint=read(known["suppressed"]).fingerprint, reason="bounce")
    for number in range(4):
        letter = a_newsletter(morning.locale, f"Letter {number}", order=number)
        Wish.objects.create(
            email=known["limit"],
            email_ascii=known["limit"],
            email_key=known["limit"],
            newsletters=[letter.pk],
            language="en",
        )
        actions.take_in()
    return known


def test_every_state_of_an_address_gets_the_same_answer_for_the_same_work(client, states):
    """The same statements, each about as long: not only the same words."""

    def answered(email: str, **more: str) -> tuple[int, bytes, list[tuple[str, int]]]:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = send(client, "morning-watch", email, **more)
        statements = [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in asked]
        return answer.status_code, answer.content, statements

    send(client, "morning-watch", "first@example.org")  # what a process remembers, it knows now
    expected = answered(states.pop("new"))
    assert expected[0] == 200
    for state, email in states.items():
        assert answered(email) == expected, state
    assert answered("trap@example.org", comment="I am a machine") == expected
    assert answered("fast@example.org", filled="12") == expected


def test_the_request_touches_nobodys_subscription_and_mails_nobody(client, states):
    OutgoingMail.objects.all().delete()
    with CaptureQueriesContext(connection) as asked:
        send(client, "morning-watch", states["active"])
    written = [query["sql"] for query in asked if not query["sql"].startswith("SELECT")]
    assert len([sql for sql in written if sql.startswith("INSERT")]) == 1
    assert not any("newsletters_subscri" in query["sql"] for query in asked)
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("trap", [{"comment": "hello"}, {"filled": "699"}])
def test_what_a_machine_sends_is_thrown_away(client, morning, trap):
    assert send(client, "morning-watch", **trap).status_code == 200
    actions.take_in()
    assert not OutgoingMail.objects.exists()
    assert not Wish.objects.exists()


@pytest.mark.parametrize("filled", ["700", "90000", "", "-5", "١٢", "soon"])
def test_nobody_is_taken_for_a_machine_without_reason(client, morning, filled):
    send(client, "morning-watch", filled=filled)
    assert not Wish.objects.get().trap


@pytest.mark.parametrize(
    "said",
    [
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_ORIGIN": "https://elsewhere.example"},
        {"HTTP_ORIGIN": "https://[broken"},
        {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "null"},
    ],
)
def test_a_form_on_somebody_elses_page_is_refused_in_plain_words(client, morning, said):
    answer = send(client, "morning-watch", **said)
    assert answer.status_code == 403
    assert "This form was sent from another site, so nothing was done." in answer.content.decode()
    assert send(client, "morning-watch", **said, **JSON).json()["error"].startswith("This form")
    assert not Wish.objects.exists()


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_ORIGIN": "http://testserver"},
        {"HTTP_SEC_FETCH_SITE": "same-site"},
        {"HTTP_SEC_FETCH_SITE": "none"},
        {"HTTP_ORIGIN": "null"},
    ],
)
def test_our_own_pages_and_browsers_that_say_nothing_get_through(morning, said):
    strict = Client(enforce_csrf_checks=True)
    assert send(strict, "morning-watch", **said).status_code == 200


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"from": "/news/a-story/"}, "/news/a-story/"),
        ({"HTTP_REFERER": "http://testserver/uk/news/міст/?q=1"}, "/uk/news/міст/"),
        ({"HTTP_REFERER": "https://elsewhere.example/a/"}, ""),
        ({"from": "https://elsewhere.example/"}, ""),
        ({"from": "/" + "a" * 600}, ""),
        ({}, ""),
    ],
)
def test_where_the_form_was_met_is_kept_for_the_proof(client, morning, said, place):
    answer = send(client, "morning-watch", **said)
    wish = Wish.objects.get()
    assert wish.place == place
    assert f'href="{place or "/newsletters/"}"' in answer.content.decode()
    assert "Enter your email to subscribe" in wish.words
    assert "[Subscribe]" in wish.words and "Morning Watch" in wish.words


def test_an_address_that_our_mail_cannot_reach_is_told_so(client, morning):
    answer = send(client, "morning-watch", "ольга@example.org", **JSON)
    assert answer.status_code == 422
    assert "letters outside a–z before the @" in answer.json()["error"]
    assert send(client, "morning-watch", "olha@приклад.укр").status_code == 200


def test_while_no_mail_leaves_it_does_not_look_like_success(client, morning, settings):
    settings.PUBLIC_URL = "https://news.example.org"
    answer = send(client, "morning-watch", **JSON)
    assert answer.status_code == 200
    assert answer.json() == {
        "title": "",
        "text": "Thank you. Your confirmation email will follow as soon as our mail works again.",
        "hint": "",
    }
    page = send(client, "morning-watch").content.decode()
    assert "Successfully" not in page and "as soon as our mail works again" in page
    actions.take_in()
    assert OutgoingMail.objects.count() == 1


def test_reading_the_forms_address_leads_to_the_newsletters(client, newsroom):
    assert client.get(HERE)["Location"] == "/newsletters/"
    assert client.put(HERE).status_code == 405
