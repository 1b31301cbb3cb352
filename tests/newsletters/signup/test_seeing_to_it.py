"""What becomes of a sign-up: one mail, within bounds that no number of forms can move."""

from __future__ import annotations

import datetime

import dns.resolver
import pytest
from django.utils import timezone
from wagtail.models import Locale, Page

from nightdesk.mail.models import OutgoingMail
from nightdesk.newsletters import subscribing
from nightdesk.newsletters.addresses import read
from nightdesk.newsletters.models import (
    ConsentEvent,
    FirstMail,
    Subscriber,
    Subscription,
    Suppression,
    Wish,
)
from nightdesk.newsletters.signup import actions, domains, guard, limits, tasks
from nightdesk.settings.table import Settings
from tests.newsletters.signup.conftest import a_newsletter
from tests.newsletters.signup.reading_mail import confirm_link, html_of, outgoing, text_of

pytestmark = pytest.mark.django_db

OLHA = "Olha@Example.org"
RELAYED = Settings({"NIGHTDESK_MAIL": "smtp://localhost"})
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


def wish(*newsletters, email: str = OLHA, **fields: object) -> Wish:
    address = read(email)
    return Wish(
        email=address.written,
        email_ascii=address.ascii,
        email_key=address.key,
        newsletters=[row.pk for row in newsletters],
        language=newsletters[0].language if newsletters else "en",
        **fields,
    )


def ask(*newsletters, at: datetime.datetime | None = None, **fields: object) -> None:
    """A form is sent, and seen to; ``at`` a moment to come."""
    wish(*newsletters, **fields).save()
    actions.take_in(at or timezone.now())


def subjects() -> list[str]:
    return [message["Subject"] for message in outgoing()]


def test_a_new_reader_is_asked_to_confirm(morning):
    ask(morning, place="/news/a-story/", words="Enter your email")
    (mail,) = outgoing()
    assert mail["Subject"] == "Confirm your subscription to Morning Watch"
    assert mail["To"] == "Olha@example.org"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["From"].startswith("Morning Watch <noreply@")
    text = text_of(mail)
    assert text.rstrip().splitlines()[-1] == (
        "If you did not ask for this, do nothing: you will get no more mail."
    )
    assert confirm_link(mail) in text
    for part in (text, html_of(mail)):
        assert "olha" not in part.lower()
        assert "Every weekday at 7 a.m." in part
    assert Subscription.objects.get().state == "pending"
    kinds = list(ConsentEvent.objects.values_list("kind", flat=True))
    assert kinds == ["asked", "mailed"]
    asked = ConsentEvent.objects.get(kind="asked")
    assert (asked.place, asked.words.words) == ("/news/a-story/", "Enter your email")
    assert not Wish.objects.exists()


def test_one_mail_confirms_several(morning, evening):
    ask(morning, evening)
    assert subjects() == ["Confirm your subscription to Morning Watch and Evening Watch"]


def test_a_mail_comes_in_the_newsletters_language_from_its_sender(newsroom):
    ukrainian = Locale.objects.get(language_code="uk")
    Page.objects.filter(locale=ukrainian, depth=2).update(title="Тестовий вісник")
    ranok = a_newsletter(
        ukrainian,
        "Ранок",
        from_name="Ольга з редакції",
        from_address="ranok@example.org",
        reply_to="olha@example.org",
    )
    ask(ranok)
    (mail,) = outgoing()
    assert mail["Subject"].strip() == "Підтвердьте підписку: Ранок"
    assert mail["From"] == "Ольга з редакції <ranok@example.org>"
    assert mail["Reply-To"] == "olha@example.org"
    assert confirm_link(mail).startswith("/uk/newsletters/confirm/")
    assert 'lang="uk"' in html_of(mail)
    assert "«Тестовий вісник»" in text_of(mail), "as its edition is called"


def test_asking_again_the_same_day_mails_nobody_twice(morning):
    for _ in range(5):
        ask(morning)
    assert len(outgoing()) == 1
    assert ConsentEvent.objects.filter(kind="asked").count() == 1
    ask(morning, at=timezone.now() + DAY + HOUR)
    assert len(outgoing()) == 2


def test_a_second_newsletter_has_a_mail_whose_link_confirms_both(morning, evening):
    ask(morning)
    ask(evening)
    _first, second = outgoing()
    assert second["Subject"] == "Confirm your subscription to Evening Watch"
    assert "Morning Watch" in text_of(second)


def test_three_mails_a_day_is_the_most_over_all(newsroom):
    letters = [a_newsletter(newsroom.locale, f"Letter {n}", order=n) for n in range(6)]
    for letter in letters:
        ask(letter)
    assert len(outgoing()) == 3
    assert Subscription.objects.count() == 6
    ask(letters[5], at=timezone.now() + DAY + HOUR)
    assert len(outgoing()) == 4
    assert outgoing()[3]["Subject"].endswith("Letter 3, Letter 4 and Letter 5") or (
        "Letter 5" in outgoing()[3]["Subject"]
    )


def test_whoever_never_answers_is_left_alone_in_the_end(morning):
    now = timezone.now()
    for day in range(20):
        ask(morning, at=now + day * (DAY + HOUR))
    assert len(outgoing()) == limits.MOST_UNANSWERED


def test_ten_thousand_forms_for_one_address_are_three_mails_at_most(newsroom):
    letters = [a_newsletter(newsroom.locale, f"Letter {n}", order=n) for n in range(5)]
    spellings = ["victim@example.org", "victim@EXAMPLE.org", "VICTIM@example.org"]
    for start in range(0, 10_000, 2_500):
        Wish.objects.bulk_create(
            wish(letters[n // 2_000], email=spellings[n % 3]) for n in range(start, start + 2_500)
        )
        actions.take_in()
    assert len(outgoing()) == 3
    assert not Wish.objects.exists()
    assert ConsentEvent.objects.filter(kind="asked").count() == 5
    assert Subscriber.objects.count() == 1


def test_a_reader_is_told_once_a_day_that_they_are_one(morning):
    subscribing.confirm(subscribing.ask(read(OLHA), [morning], language="en").subscriber)
    for _ in range(3):
        ask(morning)
    (mail,) = outgoing()
    assert mail["Subject"] == "You are already subscribed to Morning Watch"
    assert "/newsletters/yours/" in text_of(mail)
    assert not FirstMail.objects.filter(kind="confirm").exists()


@pytest.mark.parametrize("all_of_them", [True, False])
def test_a_suppressed_address_gets_nothing(morning, all_of_them):
    Suppression.objects.create(
        fingerprint=read(OLHA).fingerprint,
        newsletter=None if all_of_them else morning,
        reason="complaint",
    )
    ask(morning)
    ask(again=True)
    assert outgoing() == []
    assert not Subscription.objects.exists()


def test_a_new_link_comes_for_what_waits_and_for_nothing_else(morning, evening):
    ask(again=True)
    assert outgoing() == [] and not Subscriber.objects.exists()
    ask(morning)
    ask(again=True, at=timezone.now() + DAY + HOUR)
    assert subjects() == ["Confirm your subscription to Morning Watch"] * 2


def test_a_domain_with_all_its_addresses_is_mailed_slowly_and_nobody_is_lost(morning):
    now = timezone.now() + HOUR
    Wish.objects.bulk_create(
        wish(morning, email=f"box-{n}@example.org") for n in range(limits.MOST_TO_A_DOMAIN + 5)
    )
    actions.take_in(now)
    assert OutgoingMail.objects.count() == limits.MOST_TO_A_DOMAIN
    assert Wish.objects.count() == 5
    actions.take_in(now + HOUR / 2)
    assert OutgoingMail.objects.count() == limits.MOST_TO_A_DOMAIN
    actions.take_in(now + HOUR + HOUR / 2)
    assert OutgoingMail.objects.count() == limits.MOST_TO_A_DOMAIN + 5
    assert not Wish.objects.exists()


def test_a_domain_that_takes_no_mail_gets_none(morning, monkeypatch, settings):
    settings.NIGHTDESK = RELAYED
    monkeypatch.setattr(domains, "_ask", lambda domain: domain != "exmaple.org")
    ask(morning, email="olha@exmaple.org")
    assert outgoing() == [] and not Subscriber.objects.exists()
    ask(morning, email="olha@example.org")
    assert len(outgoing()) == 1


def test_a_name_server_that_does_not_answer_blocks_nobody_and_is_left_alone(monkeypatch, settings):
    settings.NIGHTDESK = RELAYED
    asked = []

    def unanswered(domain: str, *_: object, **__: object) -> None:
        asked.append(domain)
        raise dns.resolver.LifetimeTimeout(timeout=2, errors=[])

    monkeypatch.setattr("dns.resolver.resolve", unanswered)
    assert domains.takes_mail("example.org") and domains.takes_mail("example.net")
    assert asked == ["example.org"]


def test_a_sign_up_that_fails_holds_up_nobody_and_names_nobody(morning, monkeypatch, caplog):
    plain = actions.subscribing.ask

    def ask_unless(address, *args, **how):
        if address.key.startswith("broken@"):
            raise ValueError(f"no {address.key}")
        return plain(address, *args, **how)

    now = timezone.now() + HOUR
    wish(morning, email="broken@example.org").save()
    wish(morning).save()
    monkeypatch.setattr(actions.subscribing, "ask", ask_unless)
    actions.take_in(now)
    assert [mail["To"] for mail in outgoing()] == ["Olha@example.org"]
    assert Wish.objects.get().not_before > now
    assert "ValueError" in caplog.text and "broken@" not in caplog.text
    monkeypatch.undo()
    actions.take_in(now + HOUR)
    assert len(outgoing()) == 2


def test_the_worker_is_called_once_while_something_waits(morning):
    from django_tasks_db.models import DBTaskResult

    now = timezone.now()
    assert tasks.call_the_worker(now) == 0
    wish(morning).save()
    assert [tasks.call_the_worker(now + HOUR) for _ in range(3)] == [1, 0, 0]
    left = DBTaskResult.objects.filter(task_path=tasks.take_in.module_path)
    left.get().task.call()
    assert len(outgoing()) == 1


def test_what_was_never_confirmed_is_forgotten_after_thirty_days(morning, evening):
    ask(morning)
    ask(morning, email="other@example.org")
    reader = subscribing.ask(read("other@example.org"), [evening], language="en").subscriber
    Subscription.objects.filter(newsletter=evening).update(state="active")
    now = timezone.now()
    assert actions.forget(now + 29 * DAY) == 0
    assert actions.forget(now + 31 * DAY) > 0
    assert list(Subscriber.objects.all()) == [reader]
    assert Subscription.objects.get().newsletter == evening
    assert not FirstMail.objects.exists()
    assert ConsentEvent.objects.filter(subscriber=None, kind="asked").count() == 1
    assert actions.forget(now + 31 * DAY) == 0


def mails_sent(count: int, confirmed: int, at: datetime.datetime) -> None:
    FirstMail.objects.bulk_create(
        FirstMail(
            fingerprint=f"{n:064}", domain="d", kind="confirm", at=at, confirmed=n < confirmed
        )
        for n in range(count)
    )


def test_the_fuse_blows_when_almost_nobody_confirms(client, morning):
    now = timezone.now()
    mails_sent(200, 20, now - HOUR)
    assert not guard.is_blown(now) and guard.alarm() == []
    FirstMail.objects.filter(confirmed=True).first().delete()
    mails_sent(1, 0, now - HOUR)
    assert guard.is_blown(now)
    assert "only 19 confirmed" in guard.alarm()[0]
    sent = {"email": OLHA, "newsletter": "morning-watch"}
    assert client.post("/newsletters/sign-up/", sent)["X-Nightdesk-Guarded"] == "1"


def test_the_fuse_waits_for_readers_to_look_into_their_mail(morning):
    now = timezone.now()
    mails_sent(300, 0, now - datetime.timedelta(minutes=5))
    assert not guard.is_blown(now)
    assert guard.is_blown(now + HOUR)
