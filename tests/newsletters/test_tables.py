"""Subscribers come in from a table and go out as one: with their proof, and never against their
will."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Locale, ModelLogEntry
from wagtail.users.models import UserProfile

from nightdesk.cli import main
from nightdesk.newsletters import said, subscribing, suppressing
from nightdesk.newsletters.addresses import read
from nightdesk.newsletters.models import (
    ConsentEvent,
    Subscriber,
    SubscriberTable,
    Subscription,
    Suppression,
    Wish,
)
from nightdesk.newsletters.said import Said
from nightdesk.newsletters.tables import bringing, columns, export
from nightdesk.newsletters.tables.bringing import NoTableError, Order, bring_in
from nightdesk.newsletters.tables.reading import lines_of
from nightdesk.newsletters.tables.tasks import call_the_worker, take_a_piece
from nightdesk.newsletters.yours.erasing import erase
from tests.newsletters.making import WORDS, a_newsletter, a_reader

pytestmark = pytest.mark.django_db

MAILCHIMP = """\
"Email Address","First Name",MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LAST_CHANGED
olha@example.org,Olha,2,"2024-03-01 08:15:00",192.0.2.1,"2024-03-01 08:20:00",192.0.2.1,"2024-03-01"
"""
MAILCHIMP_LEFT = """\
"Email Address","First Name",OPTIN_TIME,UNSUB_TIME,UNSUB_REASON
olha@example.org,Olha,"2024-03-01 08:15:00","2025-01-01 10:00:00",N/A
"""
MAILCHIMP_CLEANED = """\
"Email Address",OPTIN_TIME,CLEAN_TIME
olha@example.org,"2024-03-01 08:15:00","2025-01-01 10:00:00"
"""
GHOST = """\
id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,labels
1,olha@example.org,Olha,,true,,,2024-03-01T08:15:00.000Z,
2,petro@example.org,Petro,,false,,,2024-03-01T08:15:00.000Z,
"""
LISTMONK = """\
uuid,email,name,attributes,status,created_at,updated_at
a,olha@example.org,Olha,{},enabled,2024-03-01T08:15:00Z,2024-03-01T08:15:00Z
b,petro@example.org,Petro,{},disabled,2024-03-01T08:15:00Z,2024-03-01T08:15:00Z
c,spam@example.org,Spam,{},blocklisted,2024-03-01T08:15:00Z,2024-03-01T08:15:00Z
"""
PROOF = "Mailchimp, double opt-in, exported on 1 November 2026"


@pytest.fixture
def morning(db):
    return a_newsletter(Locale.get_default())


def brought(text: str, **order):
    return bring_in(io.StringIO(text, newline=""), Order(place="list.csv", **order))


def standing() -> dict[str, str]:
    rows = Subscription.objects.select_related("subscriber")
    return {row.subscriber.email: row.state for row in rows}


def taken_out(newsletter=None) -> str:
    return "".join(export.lines(newsletter))


def test_who_is_on_a_list_waits_for_their_own_click(morning):
    report = brought(MAILCHIMP, newsletter=morning)
    assert standing() == {"olha@example.org": "pending"}
    assert report.counts == {bringing.WAITING: 1}
    assert "First Name" in report.left and "OPTIN_IP" in report.left
    assert not Wish.objects.exists()


def test_who_waits_is_mailed_when_that_was_asked_for_and_once(morning):
    from nightdesk.mail.models import OutgoingMail
    from nightdesk.newsletters.signup.actions import take_in

    for _time in range(2):
        brought(MAILCHIMP, newsletter=morning, ask=True)
        take_in()
    (mail,) = OutgoingMail.objects.all()
    assert mail.rcpt_to == "olha@example.org" and mail.kind == "confirmation"


def test_a_declared_proof_makes_them_subscribers_and_is_kept(morning):
    brought(MAILCHIMP, newsletter=morning, proof=PROOF)
    subscription = Subscription.objects.get()
    assert subscription.state == "active" and subscription.source == "import"
    assert f"{subscription.confirmed_at:%Y-%m-%d %H:%M}" == "2024-03-01 08:20"
    proof = ConsentEvent.objects.get()
    assert (proof.kind, proof.detail, proof.place) == ("imported", PROOF, "list.csv")


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (MAILCHIMP_LEFT, {"olha@example.org": "unsubscribed"}),
        (MAILCHIMP_CLEANED, {}),
        (GHOST, {"olha@example.org": "active", "petro@example.org": "unsubscribed"}),
        (LISTMONK, {"olha@example.org": "active", "petro@example.org": "unsubscribed"}),
    ],
)
def test_exports_of_others_are_understood(morning, table, expected):
    brought(table, newsletter=morning, proof=PROOF)
    assert standing() == expected


def test_who_bounced_or_complained_elsewhere_is_suppressed_here(morning):
    brought(LISTMONK, newsletter=morning, proof=PROOF)
    assert subscribing.ask(read("spam@example.org"), [morning], language="en").suppressed
    assert Suppression.objects.get().reason == "imported"


def test_nobody_who_ended_was_suppressed_or_erased_here_comes_back(morning):
    left = a_reader(morning, email="left@example.org")
    subscribing.end(left, morning, Subscription.Reason.LINK)
    suppressing.suppress("bounced@example.org", Suppression.Reason.BOUNCE)
    erase(a_reader(morning, email="erased@example.org"))
    names = ("left", "bounced", "erased", "new")
    table = "email\n" + "".join(f"{name}@example.org\n" for name in names)
    report = brought(table, newsletter=morning, proof=PROOF, ask=True)
    assert report.counts == {
        bringing.ENDED_HERE: 1,
        bringing.SUPPRESSED_HERE: 2,
        bringing.ADDED: 1,
    }
    active = {email for email, state in standing().items() if state == "active"}
    assert active == {"new@example.org"}


def test_who_ended_it_elsewhere_has_ended_it_here_unless_they_came_back_since(morning):
    a_reader(morning)
    brought(MAILCHIMP_LEFT, newsletter=morning)  # ended in 2025, confirmed here just now
    assert standing() == {"olha@example.org": "active"}
    brought("email,state\nolha@example.org,unsubscribed\n", newsletter=morning)
    assert standing() == {"olha@example.org": "unsubscribed"}


def test_twice_changes_nothing_more(morning):
    brought(GHOST, newsletter=morning, proof=PROOF)
    before = [list(model.objects.values()) for model in (Subscription, ConsentEvent)]
    report = brought(GHOST, newsletter=morning, proof=PROOF)
    assert report.counts == {bringing.THERE: 1, bringing.ENDED_HERE: 0} or set(report.counts) <= {
        bringing.THERE,
        bringing.ENDED_HERE,
    }
    assert [list(model.objects.values()) for model in (Subscription, ConsentEvent)] == before


def test_a_trial_says_the_same_and_changes_nothing(morning):
    tried = brought(LISTMONK, newsletter=morning, proof=PROOF, is_trial=True)
    assert not Subscriber.objects.exists() and not Suppression.objects.exists()
    assert tried.counts == brought(LISTMONK, newsletter=morning, proof=PROOF).counts


def test_bad_rows_are_named_by_line_and_never_by_address(morning):
    table = (
        "email,state,confirmed_at\n"
        "olha@example.org,active,\n"
        "no address,active,\n"
        ",active,\n"
        "petro@example.org,maybe,\n"
        "\n"
        '"two\nlines@example.org",active,\n'
        "ivan@example.org,active,yesterday\n"
        "last@example.org\n"
    )
    report = brought(table, newsletter=morning, proof=PROOF)
    assert [(line, said.read(why)) for line, why in report.bad] == [
        (3, "this is no e-mail address"),
        (4, "there is no address"),
        (5, "the state “maybe” is not known"),
        (7, "this is no e-mail address"),
        (9, "confirmed_at is no time that is known: write it as 2026-11-28 07:00"),
    ]
    assert set(standing()) == {"olha@example.org", "last@example.org"}


def test_a_crash_leaves_whole_batches_and_the_rest_comes_at_the_next_try(morning, monkeypatch):
    monkeypatch.setattr(bringing, "BATCH", 2)
    table = "email\n" + "".join(f"r{n}@example.org\n" for n in range(7))

    def cut():
        for number, line in enumerate(io.StringIO(table)):
            if number == 6:
                raise OSError("cut")
            yield line

    with pytest.raises(OSError):
        bring_in(cut(), Order(morning, proof=PROOF))
    assert Subscription.objects.count() == 4 == ConsentEvent.objects.count()
    report = bring_in(io.StringIO(table), Order(morning, proof=PROOF))
    assert report.counts == {bringing.THERE: 4, bringing.ADDED: 3}


@pytest.mark.database
def test_one_address_twice_in_a_table_is_one_reader(morning):
    evening = a_newsletter(morning.locale, "Evening")
    table = (
        "email,newsletter,state\nolha@example.org,morning,active\nOLHA@Example.org,morning,active\n"
        "olha@example.org,evening,active\nolha@example.org,evening,unsubscribed\n"
    )
    report = brought(table, proof=PROOF)
    assert report.counts == {bringing.ADDED: 2, bringing.THERE: 1, bringing.ENDED: 1}
    assert Subscriber.objects.count() == 1
    states = dict(Subscription.objects.values_list("newsletter__name", "state"))
    assert states == {"Morning": "active", evening.name: "unsubscribed"}


def test_a_newsletter_that_is_not_there_is_said_in_each_row(morning):
    report = brought("email,newsletter\na@example.org,noon\nb@example.org,\n", proof=PROOF)
    assert [(line, said.read(why)) for line, why in report.bad] == [
        (2, "there is no newsletter “noon”"),
        (3, "it does not say which newsletter"),
    ]


@pytest.mark.parametrize("table", ["", "name,city\nOlha,Kyiv\n", "email\na@example.org\n"])
def test_what_is_no_table_of_subscribers_is_refused_whole(morning, table):
    with pytest.raises(NoTableError):
        brought(table)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_read_as_programs_write_it(morning, encoding, delimiter):
    text = f"Name{delimiter}Email Address\r\nОльга{delimiter}ольга@приклад.укр\r\n"
    lines = lines_of(io.BytesIO(text.encode(encoding)))
    bring_in(lines, Order(morning, proof=PROOF))
    assert Subscriber.objects.get().email_ascii == "ольга@xn--80aikifvh.xn--j1amh"


def test_what_was_taken_out_comes_in_with_list_state_proof_and_suppression(morning):
    evening = a_newsletter(morning.locale, "Evening")
    olha = a_reader(morning, evening)
    subscribing.end(olha, evening, Subscription.Reason.ONE_CLICK)
    subscribing.ask(read("new@example.org"), [morning], language="en", place="/", words=WORDS)
    gone = a_reader(morning, email="gone@example.org")
    suppressing.suppress(gone.email_key, Suppression.Reason.COMPLAINT)
    shut = a_reader(morning, email="shut@example.org")
    suppressing.suppress(shut.email_key, Suppression.Reason.DESK, newsletter=morning)
    erase(a_reader(morning, email="erased@example.org"))
    table = taken_out()
    assert "erased" not in table.partition("\n")[2]
    for model in (Subscriber, Suppression, ConsentEvent):
        model.objects.all().delete()
    report = brought(table)
    assert not report.bad
    kept = {"email", "newsletter", "state", "place", "asked_at", "confirmed_at", "ended_at"}
    rows = [
        {name: row[name] for name in kept | {"words", "ended_why", "source"}}
        for row in csv.DictReader(io.StringIO(table))
        if not row["suppressed"] and row["state"] != "pending"
    ]
    again = [
        {name: row[name] for name in rows[0]}
        for row in csv.DictReader(io.StringIO(taken_out()))
        if row["state"] != "pending"
    ]
    assert again == rows and len(rows) == 2
    assert subscribing.is_suppressed(gone.email_key and read("gone@example.org").fingerprint)
    asked = subscribing.ask(read("shut@example.org"), [morning, evening], language="en")
    assert [row.newsletter for row in asked.pending] == [evening]
    assert standing()["new@example.org"] == "pending"


def test_taken_out_and_in_again_over_itself_changes_nothing(morning):
    a_reader(morning)
    suppressing.suppress(
        a_reader(morning, email="gone@example.org").email_key, Suppression.Reason.BOUNCE
    )
    before = [list(model.objects.values()) for model in (Subscription, ConsentEvent, Suppression)]
    brought(taken_out(), ask=True)
    after = [list(model.objects.values()) for model in (Subscription, ConsentEvent, Suppression)]
    assert before == after


@given(st.text(max_size=20))
def test_no_cell_is_a_formula_and_each_is_read_as_it_was(text):
    cell = columns.harmless(text)
    assert cell[:1] not in ("=", "+", "-", "@", "\t", "\r")
    assert columns.readable(cell) == text


def test_an_address_that_looks_like_a_formula_goes_out_and_comes_back(morning):
    table = "email\n=cmd|calc@example.org\n+plus@example.org\n"
    brought(table, newsletter=morning, proof=PROOF)
    out = taken_out(morning)
    assert "\n'=cmd|calc@example.org" in out and "\n'+plus@example.org" in out
    assert set(brought(out).counts) == {bringing.THERE}


def test_a_thousand_rows_ask_the_database_a_few_times_a_batch(
    morning, django_assert_max_num_queries
):
    table = "email\n" + "".join(f"reader-{n}@example.org\n" for n in range(1000))
    with django_assert_max_num_queries(5 * 12):
        brought(table, newsletter=morning, proof=PROOF)
    assert Subscription.objects.filter(state="active").count() == 1000
    with django_assert_max_num_queries(6 * 4):
        assert taken_out().count("\n") == 1001


@pytest.fixture
def command(morning, capsys, tmp_path):
    def _command(*words: str) -> tuple[int, str, str]:
        code = main(["subscribers", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return _command


def test_the_command_brings_in_says_what_became_of_it_and_leaves_a_note(command, tmp_path):
    file = tmp_path / "members.csv"
    file.write_text(LISTMONK + "d,no address,X,{},enabled,,\n")
    code, out, _err = command("import", str(file), "--newsletter", "morning", "--dry-run")
    assert code == 1 and "Only tried; nothing was changed:" in out
    assert not Subscriber.objects.exists()
    assert not ModelLogEntry.objects.filter(action="newsletters.import_subscribers").exists()
    code, out, _err = command(
        "import", str(file), "--newsletter", "morning", "--proof", "listmonk, double opt-in"
    )
    assert code == 1
    assert "1 subscribed" in out and "line 5: this is no e-mail address" in out
    assert "Not kept, because it is not needed: uuid, name, attributes" in out
    assert "@" not in out
    entry = ModelLogEntry.objects.get(action="newsletters.import_subscribers")
    assert entry.data["proof"] == "listmonk, double opt-in" and entry.data["file"] == "members.csv"


def test_the_command_takes_out_into_a_new_file_for_its_owner_only(command, morning, tmp_path):
    a_reader(morning)
    file = tmp_path / "out.csv"
    assert command("export", str(file))[0] == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert "olha@example.org,morning,en,active" in file.read_text()
    assert ModelLogEntry.objects.filter(action="newsletters.export_subscribers").exists()
    assert command("export", str(file))[0] == 2
    assert "olha@example.org" in command("export", "-", "--newsletter", "morning")[1]


def test_the_command_says_what_is_wrong_with_what_it_was_given(command, tmp_path):
    assert "No such file" in command("import", str(tmp_path / "none.csv"))[2]
    file = tmp_path / "x.csv"
    file.write_text("email\na@example.org\n")
    code, _out, err = command("import", str(file))
    assert code == 2 and "does not say which newsletter" in err
    assert "no newsletter “noon”" in command("import", str(file), "--newsletter", "noon")[2]


@pytest.fixture
def chief(signed_in):
    return signed_in("desk-chief")


def given_in_the_admin(client, table: str, **fields):
    file = io.BytesIO(table.encode())
    file.name = "members.csv"
    return client.post("/admin/subscribers/bring/", {"file": file, **fields})


def test_a_table_given_in_the_admin_is_brought_in_piece_by_piece(chief, morning):
    table = "email\nno address\n" + "".join(f"r{n}@example.org\n" for n in range(6))
    answer = given_in_the_admin(chief, table, newsletter=morning.pk, proof=PROOF)
    assert answer.status_code == 302
    assert "Being brought in" in chief.get(answer["Location"]).content.decode()
    pieces = 0
    while take_a_piece(most=3):
        pieces += 1
    assert pieces == 3
    assert Subscription.objects.filter(state="active").count() == 6
    page = chief.get(answer["Location"]).content.decode()
    assert "6 subscribed" in page and "this is no e-mail address" in page
    UserProfile.objects.create(user=chief.user, preferred_language="uk")
    assert "це не адреса електронної пошти" in chief.get(answer["Location"]).content.decode()
    row = SubscriberTable.objects.get()
    assert bytes(row.content) == b"" and row.bad == [
        [2, said.kept(Said("this is no e-mail address"))]
    ]
    assert ConsentEvent.objects.first().by == chief.user


def test_the_worker_is_called_once_while_a_table_waits(chief, morning):
    from django.utils import timezone

    now = timezone.now()
    assert call_the_worker(now) == 0
    given_in_the_admin(chief, GHOST, newsletter=morning.pk, is_trial="on")
    assert [call_the_worker(now), call_the_worker(now)] == [1, 0]
    assert take_a_piece() and not take_a_piece()
    assert not Subscriber.objects.exists()


def test_what_is_no_table_is_told_in_the_admin(chief, morning):
    answer = given_in_the_admin(chief, "name\nOlha\n", newsletter=morning.pk)
    take_a_piece()
    assert "names no column of addresses" in chief.get(answer["Location"]).content.decode()


def test_the_list_goes_out_on_a_fresh_proof_only_and_to_the_audit(chief, morning):
    a_reader(morning)
    session = chief.session
    records = session["account_authentication_methods"]
    for record in records:
        record["at"] -= 3600
    session["account_authentication_methods"] = records
    session.save()
    refused = chief.post("/admin/subscribers/export/", {"newsletter": morning.pk})
    assert refused.status_code == 403 and "olha" not in refused.content.decode()
    from tests.people.signing import prove

    prove(chief, chief.user)
    answer = chief.post("/admin/subscribers/export/", {"newsletter": morning.pk})
    assert "olha@example.org,morning" in answer.getvalue().decode()
    entry = ModelLogEntry.objects.get(action="newsletters.export_subscribers")
    assert entry.user == chief.user
    assert chief.get("/admin/subscribers/export/").status_code == 302


@pytest.mark.parametrize("role", ["reporter", "editor", "producer", "administrator"])
def test_nobody_else_takes_the_list_out_or_brings_one_in(signed_in, morning, role):
    client = signed_in(role)
    a_reader(morning)
    answer = client.post("/admin/subscribers/export/")
    assert answer.status_code in (302, 403) and not answer.streaming
    assert not ModelLogEntry.objects.filter(action="newsletters.export_subscribers").exists()
    given_in_the_admin(client, GHOST, newsletter=morning.pk)
    assert not SubscriberTable.objects.exists()
