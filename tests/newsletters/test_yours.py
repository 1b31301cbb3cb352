"""The page of one's newsletters: the link of any mail ends and pauses; what hands out, moves or
destroys needs the link that was mailed to the address itself."""

from __future__ import annotations

import asyncio
import datetime
import json
import re

import pytest
from django.test import Client
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult
from wagtail.models import Locale

from nightdesk.mail.adapters.folder import FolderCourier
from nightdesk.mail.models import OutgoingMail
from nightdesk.newsletters import subscribing, tokens
from nightdesk.newsletters.addresses import fingerprint, read
from nightdesk.newsletters.delivery import words
from nightdesk.newsletters.models import (
    ConsentEvent,
    Delivery,
    Edition,
    MailEvent,
    Subscriber,
    Subscription,
    Suppression,
)
from nightdesk.newsletters.signup.actions import take_in
from nightdesk.newsletters.yours import holdings, readable
from nightdesk.newsletters.yours.tasks import forget_files
from tests.mail.carrying import a_message, carried
from tests.newsletters.making import WORDS, a_newsletter, a_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def morning(newsroom):
    return a_newsletter(newsroom.locale)


@pytest.fixture
def evening(newsroom):
    return a_newsletter(newsroom.locale, "Evening")


@pytest.fixture
def reader(morning):
    return a_reader(morning)


@pytest.fixture
def browser():
    return Client(enforce_csrf_checks=True)


def any_link(reader, newsletter) -> str:
    """The one at the foot of every mail."""
    return f"/newsletters/yours/{tokens.for_reader(reader.uid, newsletter.pk)}/"


def own_link(reader) -> str:
    token = tokens.for_owner(reader.uid, fingerprint(reader.email_key))
    return f"/newsletters/yours/{token}/"


def newsletters_of(reader) -> set[str]:
    return {
        row.newsletter.name
        for row in Subscription.objects.filter(subscriber=reader, state="active")
    }


def mails_to(address: str) -> list:
    return [mail.message for mail in OutgoingMail.objects.filter(rcpt_to=address).order_by("pk")]


def link_in(mail) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", mail.get_content())
    return found.group(1)


def choice(*have, shown):
    return {
        "act": "save",
        "shown": [each.pk for each in shown],
        "have": [each.pk for each in have],
    }


def test_every_newsletter_is_there_with_a_tick_at_those_one_has(browser, reader, morning, evening):
    page = browser.get(any_link(reader, morning)).content.decode()
    assert re.search(rf'id="have-{morning.pk}"[^>]* checked', page)
    assert not re.search(rf'id="have-{evening.pk}"[^>]* checked', page)
    assert "olha" not in page and "o•••@example.org" in page


def test_looking_changes_nothing(browser, reader, morning):
    before = list(ConsentEvent.objects.values())
    for link in (any_link(reader, morning), own_link(reader)):
        assert browser.get(link).status_code == 200
        assert browser.head(link).status_code == 200
    assert list(ConsentEvent.objects.values()) == before
    assert not OutgoingMail.objects.exists()


def test_what_is_not_ticked_any_more_has_ended(browser, reader, morning, evening):
    page = browser.post(any_link(reader, morning), choice(shown=[morning, evening]))
    assert "You have been unsubscribed from Morning." in page.content.decode()
    assert newsletters_of(reader) == set()
    assert Subscription.objects.get(subscriber=reader).reason == "centre"


def test_what_was_unticked_by_mistake_is_ticked_again_the_same_day(browser, reader, morning):
    link = any_link(reader, morning)
    browser.post(link, choice(shown=[morning]))
    page = browser.post(link, choice(morning, shown=[morning])).content.decode()
    assert "You are subscribed to Morning." in page
    assert newsletters_of(reader) == {"Morning"}
    browser.post(link, choice(shown=[morning]))
    Subscription.objects.update(ended_at=timezone.now() - datetime.timedelta(days=2))
    page = browser.post(link, choice(morning, shown=[morning])).content.decode()
    assert "Morning comes as soon as you have confirmed it." in page
    assert newsletters_of(reader) == set()


def test_a_newsletter_that_was_not_on_the_page_yet_does_not_end(browser, reader, morning, evening):
    a_reader(evening)
    browser.post(any_link(reader, morning), choice(shown=[morning]))
    assert newsletters_of(reader) == {"Evening"}


def test_who_has_the_link_of_their_own_adds_one_at_once(browser, reader, morning, evening):
    link = own_link(reader)
    page = browser.post(link, choice(morning, evening, shown=[morning, evening])).content.decode()
    assert "You are subscribed to Evening." in page
    assert newsletters_of(reader) == {"Morning", "Evening"}
    proof = ConsentEvent.objects.filter(subscriber=reader, newsletter=evening)
    assert [line.kind for line in proof] == ["asked", "confirmed"]
    assert "Your newsletters" in proof[1].words.words


def test_by_a_forwarded_mail_a_newsletter_is_only_asked_for(browser, reader, morning, evening):
    link = any_link(reader, morning)
    ticked = choice(morning, evening, shown=[morning, evening])
    page = browser.post(link, ticked).content.decode()
    assert "Evening comes as soon as you have confirmed it." in page
    take_in()
    assert "Not confirmed yet" in browser.get(link).content.decode()
    assert "Nothing was changed." in browser.post(link, ticked).content.decode()
    take_in()
    assert newsletters_of(reader) == {"Morning"}
    (mail,) = mails_to("olha@example.org")
    assert mail["Subject"] == "Confirm your subscription to Evening"
    page = browser.post(own_link(reader), ticked).content.decode()
    assert "You are subscribed to Evening." in page


def test_adding_one_confirms_no_other_that_somebody_asked_for(
    browser, reader, morning, evening, newsroom
):
    weekly = a_newsletter(newsroom.locale, "Weekly")
    subscribing.ask(read(reader.email), [weekly], language="en")
    browser.post(own_link(reader), choice(morning, evening, shown=[morning, evening]))
    assert newsletters_of(reader) == {"Morning", "Evening"}


def test_nobody_adds_a_newsletter_that_is_not_offered(browser, reader, morning, newsroom):
    staff = a_newsletter(newsroom.locale, "Staff only", offered=False)
    browser.post(own_link(reader), choice(morning, staff, shown=[morning, staff]))
    assert newsletters_of(reader) == {"Morning"}


def test_a_pause_ends_by_itself_or_by_a_button(browser, reader, morning):
    link = any_link(reader, morning)
    page = browser.post(link, {"act": "pause", "weeks": "2"}).content.decode()
    assert "Nothing is sent to you until" in page
    reader.refresh_from_db()
    ahead = reader.paused_until - timezone.now()
    assert datetime.timedelta(days=13) < ahead <= datetime.timedelta(days=14)
    browser.post(link, {"act": "resume"})
    reader.refresh_from_db()
    assert reader.paused_until is None
    kinds = ConsentEvent.objects.filter(subscriber=reader).values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["paused", "resumed"]
    browser.post(link, {"act": "pause", "weeks": "520"})
    reader.refresh_from_db()
    assert reader.paused_until is None


@pytest.mark.parametrize("act", ["move", "show", "download", "erase", "erase everything"])
def test_a_forwarded_mail_moves_shows_and_erases_nothing(browser, reader, morning, act):
    link = any_link(reader, morning)
    answer = browser.post(link, {"act": act, "address": "thief@example.com"})
    assert answer["Content-Type"].startswith("text/html")
    assert "olha" not in answer.content.decode()
    reader.refresh_from_db()
    assert reader.email == "olha@example.org" and reader.moving_to == ""
    assert not OutgoingMail.objects.exists()


def test_the_link_of_ones_own_comes_by_mail_and_shows_the_whole_address(browser, reader, morning):
    page = browser.post(any_link(reader, morning), {"act": "prove"}).content.decode()
    assert "A link is on its way to o•••@example.org." in page
    (mail,) = mails_to("olha@example.org")
    assert mail["Subject"] == "Your newsletters from The Test Post"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "olha@example.org" in browser.get(link_in(mail)).content.decode()


def test_pressing_often_mails_once_and_is_answered_the_same(browser, reader, morning):
    link = any_link(reader, morning)
    pages = [browser.post(link, {"act": "prove"}).content for _time in range(5)]
    assert len(set(pages)) == 1
    assert len(mails_to("olha@example.org")) == 1


def test_the_link_of_ones_own_ends_after_a_day(browser, reader):
    token = tokens.for_owner(reader.uid, fingerprint(reader.email_key), now=1_700_000_000)
    answer = browser.get(f"/newsletters/yours/{token}/")
    assert answer.status_code == 410
    assert "This link has ended" in answer.content.decode()


def test_newsletters_move_when_the_new_address_has_said_yes(browser, reader, morning):
    mine = own_link(reader)
    browser.post(mine, {"act": "move", "address": " Olha.New@Example.net "})
    reader.refresh_from_db()
    assert reader.email == "olha@example.org"
    (asking,) = mails_to("Olha.New@example.net")
    assert "olha@example.org" not in asking.as_string()
    link = link_in(asking)
    assert "Olha.New@example.net" in browser.get(link).content.decode()
    reader.refresh_from_db()
    assert reader.email == "olha@example.org"
    assert "Done." in browser.post(link).content.decode()
    reader.refresh_from_db()
    assert (reader.email, reader.email_key) == ("Olha.New@example.net", "olha.new@example.net")
    assert newsletters_of(reader) == {"Morning"}
    (notice,) = mails_to("olha@example.org")
    assert "another address" in notice["Subject"]
    assert "Olha.New" not in notice.as_string()
    # The old mailbox holds a link that proved the old address; it opens nothing any more.
    assert browser.get(mine).status_code == 410
    # Pressed again, nothing more happens.
    assert "Done." in browser.post(link).content.decode()
    assert len(mails_to("olha@example.org")) == 1
    proof = ConsentEvent.objects.filter(kind="moved").values_list("fingerprint", flat=True)
    assert set(proof) == {
        fingerprint("olha@example.org"),
        fingerprint("olha.new@example.net"),
    }


def test_nobody_moves_to_an_address_that_no_mail_of_ours_reaches(browser, reader):
    """Said at once, in the words of the sign-up form, and nothing is promised."""
    answer = browser.post(own_link(reader), {"act": "move", "address": "ольга@example.net"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "letters outside a–z before the @" in page
    assert 'value="ольга@example.net" aria-invalid="true"' in page
    assert not OutgoingMail.objects.exists()
    reader.refresh_from_db()
    assert reader.moving_to == ""


@pytest.mark.parametrize("number", ["9" * 5000, "²", "-1", "", "\0", "1e9"])
def test_what_is_no_newsletter_is_passed_over(browser, reader, morning, number):
    sent = {"act": "save", "shown": [number, morning.pk], "have": [number, morning.pk]}
    assert browser.post(own_link(reader), sent).status_code == 200
    assert newsletters_of(reader) == {"Morning"}


def test_only_the_last_address_asked_for_is_moved_to(browser, reader):
    for address in ("first@example.net", "second@example.net"):
        browser.post(own_link(reader), {"act": "move", "address": address})
    (first,), (second,) = mails_to("first@example.net"), mails_to("second@example.net")
    assert browser.post(link_in(first)).status_code == 410
    assert "Done." in browser.post(link_in(second)).content.decode()


def test_who_reads_under_both_addresses_keeps_one_of_each(browser, reader, morning, evening):
    other = a_reader(evening, email="other@example.net")
    page = browser.post(own_link(reader), {"act": "move", "address": "other@example.net"})
    browser.post(link_in(mails_to("other@example.net")[0]))
    assert newsletters_of(other) == {"Morning", "Evening"}
    assert newsletters_of(reader) == set()
    # Nobody learns from the page that the other address was known.
    assert "We have written to other@example.net." in page.content.decode()


def test_an_address_that_gets_no_mail_is_not_written_to_and_nobody_is_told(browser, reader):
    shown = browser.post(own_link(reader), {"act": "move", "address": "fine@example.net"})
    gone = fingerprint("gone@example.net")
    Suppression.objects.create(fingerprint=gone, reason="complaint")
    same = browser.post(own_link(reader), {"act": "move", "address": "gone@example.net"})
    assert shown.content.replace(b"fine", b"gone") == same.content
    assert mails_to("gone@example.net") == []


def test_nobody_has_us_write_to_one_stranger_after_another(browser, reader):
    answers = [
        browser.post(own_link(reader), {"act": "move", "address": f"stranger{n}@example.net"})
        for n in range(5)
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert "three addresses today" in answers[3].content.decode()
    assert OutgoingMail.objects.filter(kind="move").count() == 3


def test_one_stranger_is_not_written_to_by_many(browser, morning):
    for number in range(5):
        reader = a_reader(morning, email=f"r{number}@example.org")
        browser.post(own_link(reader), {"act": "move", "address": "stranger@example.net"})
    assert len(mails_to("stranger@example.net")) == 3


def test_what_is_no_address_is_said_beside_the_field_and_kept(browser, reader):
    answer = browser.post(own_link(reader), {"act": "move", "address": "olha@"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Please, enter correct email address" in page
    assert 'aria-describedby="address-error"' in page and 'value="olha@"' in page


def test_everything_that_is_kept_is_handed_out_with_the_proof(browser, reader, morning):
    edition = Edition.objects.create(newsletter=morning, subject="Rain at last", total=1)
    Delivery.objects.create(
        edition=edition, subscriber=reader, state=Delivery.State.SENT, settled_at=timezone.now()
    )
    answer = browser.post(own_link(reader), {"act": "download"})
    assert answer["Content-Disposition"].startswith("attachment")
    found = json.loads(answer.content)
    assert found["address"] == "olha@example.org"
    assert [row["newsletter"] for row in found["newsletters"]] == ["Morning"]
    asked = next(row for row in found["proof"] if row["what"] == "asked")
    assert asked["place"] == "/news/a-story/" and asked["words"] == WORDS and asked["at"]
    assert found["mails"][0]["subject"] == "Rain at last"
    page = browser.post(own_link(reader), {"act": "show"}).content.decode()
    for said in ("olha@example.org", "Rain at last", "/news/a-story/", "Enter your email"):
        assert said in page
    assert ConsentEvent.objects.filter(subscriber=reader, kind="exported").count() == 2


def test_an_address_that_was_only_asked_for_is_not_said_to_be_changed(browser, reader):
    browser.post(own_link(reader), {"act": "move", "address": "olha@example.net"})
    found = json.loads(browser.post(own_link(reader), {"act": "download"}).content)
    assert "moved" not in [row["what"] for row in found["proof"]]
    assert "asked_to_move" in [row["what"] for row in found["proof"]]
    page = browser.post(own_link(reader), {"act": "show"}).content.decode()
    assert page.count("asked for another address") == 1 and "changed" not in page
    browser.post(link_in(mails_to("olha@example.net")[0]))
    reader.refresh_from_db()
    page = browser.post(own_link(reader), {"act": "show"}).content.decode()
    assert "changed to this address from another" in page
    with translation.override("uk"):
        lines = ConsentEvent.objects.filter(subscriber=reader, kind="moved")
        assert {line.what for line in lines} == {
            "попросили змінити адресу",
            "змінили цю адресу на іншу",
            "змінили іншу адресу на цю",
        }


def test_a_mail_that_was_not_sent_says_why_and_not_that_a_mail_server_said_it(reader, morning):
    edition = Edition.objects.create(newsletter=morning, subject="Rain at last", total=1)
    Delivery.objects.create(
        edition=edition, subscriber=reader, state=Delivery.State.SKIPPED, reply="paused"
    )
    mails = dict(readable.parts(holdings.of(reader))[3]["rows"][0])
    assert mails["Why"] == "had paused all mail" and "What the mail server said" not in mails
    with translation.override("uk"):
        row = edition.deliveries.get()
        assert row.why == "на той час призупинено всю пошту"
        row.state, row.reply = Delivery.State.UNCERTAIN, words.STOPPED
        assert row.why == "Nightdesk зупинили, перш ніж поштовий сервер відповів."
        row.reply = "2.0.0 Ok: queued as 4F"
        assert row.why == "2.0.0 Ok: queued as 4F"


def test_other_mails_are_called_by_what_they_are_in_the_readers_language(reader):
    OutgoingMail.objects.create(
        kind="your newsletters", rcpt_to="olha@example.org", mail_from="", content=b""
    )
    found = holdings.of(reader)
    assert found["other_mails"][0]["what"] == "your newsletters"
    mails = next(part for part in readable.parts(found) if "Other mails" in part["title"])
    assert ("What", "link to one's own newsletters") in mails["rows"][0]
    with translation.override("uk"):
        mails = readable.parts(found)[4]
        assert ("Що", "посилання на власні розсилки") in mails["rows"][0]


def test_nobody_elses_data_is_handed_out(browser, reader, morning):
    a_reader(morning, email="petro@example.org")
    assert "petro" not in browser.post(own_link(reader), {"act": "download"}).content.decode()


def _everything_in_the_database() -> str:
    from django.apps import apps

    return "\n".join(
        repr(row)
        for model in apps.get_models()
        if model._meta.managed
        for row in model._base_manager.values_list()
    )


def test_erased_the_address_is_nowhere(browser, reader, morning, evening):
    edition = Edition.objects.create(newsletter=morning, subject="Rain at last", total=2)
    said = "550 5.1.1 <olha@example.org>: unknown"
    Delivery.objects.create(edition=edition, subscriber=reader, state=4, reply=said)
    MailEvent.objects.create(
        edition=edition, subscriber=reader, kind="bounced", detail=said, source="x", event_id="1"
    )
    browser.post(any_link(reader, morning), {"act": "prove"})
    browser.post(any_link(reader, morning), choice(morning, evening, shown=[morning, evening]))
    browser.post(own_link(reader), {"act": "move", "address": "olha.new@example.net"})
    link = own_link(reader)
    assert (
        "Erase everything of olha@example.org?"
        in browser.post(link, {"act": "erase"}).content.decode()
    )
    assert "olha@example.org" in _everything_in_the_database()
    page = browser.post(link, {"act": "erase everything"}).content.decode()
    assert "Erased." in page and "olha" not in page
    left = _everything_in_the_database()
    for address in ("olha@", "olha.new"):
        assert address not in left
    # The edition still adds up, and whoever shows the address can be shown that it was asked for.
    assert Delivery.objects.filter(edition=edition).count() == 1
    proof = ConsentEvent.objects.filter(fingerprint=fingerprint("olha@example.org"))
    assert [line.kind for line in proof] == ["asked", "confirmed", "moved", "ended", "erased"]
    assert set(proof.values_list("subscriber", flat=True)) == {None}


def test_erased_the_mail_in_the_folder_of_a_newsroom_without_a_relay_is_gone(
    browser, reader, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.DATA = tmp_path
    mails = [a_message(1, to="Olha@EXAMPLE.org"), a_message(2, to="somebody@example.org")]
    asyncio.run(carried(FolderCourier(tmp_path / "mail"), mails))
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(own_link(reader), {"act": "erase everything"})
    left_for_the_worker = DBTaskResult.objects.get(task_path=forget_files.module_path)
    assert "olha" not in repr(left_for_the_worker.args_kwargs).lower()
    forget_files.func(*left_for_the_worker.args_kwargs["args"])
    (left,) = (tmp_path / "mail").glob("*.eml")
    assert b"<somebody@example.org>" in left.read_bytes()


def test_the_links_of_somebody_erased_answer_and_do_nothing(browser, reader, morning):
    mine, any_ = own_link(reader), any_link(reader, morning)
    browser.post(mine, {"act": "erase everything"})
    for link in (mine, any_):
        assert browser.get(link).status_code == 410
        assert browser.post(link, {"act": "prove"}).status_code == 410
    one_click = any_.replace("/yours/", "/unsubscribe/")
    assert browser.post(one_click, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert browser.get(one_click).status_code == 200
    assert not OutgoingMail.objects.exists()


def test_who_was_erased_comes_back_by_themselves_and_by_nobody_else(browser, reader, morning):
    browser.post(own_link(reader), {"act": "erase everything"})
    address = read("olha@example.org")
    for source in ("import", "admin"):
        assert subscribing.ask(address, [morning], language="en", source=source).suppressed
    asked = subscribing.ask(address, [morning], language="en")
    assert [row.newsletter for row in asked.pending] == [morning]
    assert Suppression.objects.filter(reason="erased").exists()
    subscribing.confirm(asked.subscriber)
    assert newsletters_of(asked.subscriber) == {"Morning"}
    assert not Suppression.objects.filter(reason="erased").exists()
    # And may go again: nothing of the first time stands in the way.
    browser.post(own_link(asked.subscriber), {"act": "erase everything"})
    assert Subscriber.objects.filter(erased_at=None).count() == 0


def test_erasing_forgets_no_complaint(browser, reader):
    key = fingerprint(reader.email_key)
    Suppression.objects.create(fingerprint=key, reason="complaint")
    browser.post(own_link(reader), {"act": "erase everything"})
    assert Suppression.objects.get(fingerprint=key).reason == "complaint"
    assert subscribing.is_suppressed(key, themselves=True)


def test_altered_and_made_up_links_are_told_the_same(browser, reader, morning):
    mine = any_link(reader, morning)
    altered = mine[:-4] + ("xyz/" if mine[-4:-1] != "xyz" else "abc/")
    answers = [browser.get(altered), browser.get(f"/newsletters/yours/{'A' * 43}/")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert browser.get("/newsletters/yours/move/nonsense/").status_code == 404
    confirming = tokens.for_confirming(reader.uid)
    assert browser.get(f"/newsletters/yours/{confirming}/").status_code == 404


def test_the_page_and_its_mails_speak_the_newsletters_language(browser, newsroom):
    ranok = a_newsletter(Locale.objects.get(language_code="uk"), "Ранок")
    reader = a_reader(ranok)
    page = browser.get(any_link(reader, ranok))
    assert page["Content-Language"] == "uk"
    assert "Ваші розсилки" in page.content.decode()
    browser.post(any_link(reader, ranok), {"act": "prove"})
    (mail,) = mails_to("olha@example.org")
    assert mail["Subject"].strip().startswith("Ваші розсилки")
    assert link_in(mail).startswith("/uk/newsletters/yours/")
    data = browser.post("/uk" + own_link(reader), {"act": "show"}).content.decode()
    assert "Доказ, що ви їх попросили" in data and "попросили" in data
    for english in ("asked for it", "subscribed", "Newsletters"):
        assert english not in data


def test_nothing_of_it_is_stored_or_told_onwards(browser, reader, morning):
    for answer in (
        browser.get(any_link(reader, morning)),
        browser.post(own_link(reader), {"act": "download"}),
        browser.get("/newsletters/yours/nonsense/"),
        browser.get("/newsletters/yours/move/nonsense/"),
    ):
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer["X-Robots-Tag"]
        assert not answer.cookies
