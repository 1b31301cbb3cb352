"""The fast screen for live lists: what it is asked, and what becomes of what it sends."""

from __future__ import annotations

import datetime
import uuid

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from wagtail.users.models import UserProfile

from nightdesk.briefs.desk.live.screen import LAST
from nightdesk.briefs.models import Brief, BriefCorrection
from nightdesk.people.models import User
from nightdesk.people.roles import give_role
from nightdesk.press.awaiting import Acknowledged
from tests.making import a_brief

pytestmark = pytest.mark.django_db

FEED = "/admin/live/news-feed.en/"


@pytest.fixture
def chief(signed_in):
    return signed_in("desk-chief")


def colleague(role: str, name: str = "Olha") -> Client:
    client = Client()
    client.user = User.objects.create_user(name.lower(), first_name=name)
    give_role(client.user, role)
    client.force_login(client.user)
    return client


def told(client, verb, status=200, **fields):
    """The answer to one verb."""
    answer = client.post(f"{FEED}{verb}/", fields, headers={"x-requested-with": "XMLHttpRequest"})
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def send(client, text="Trams run again.", **fields):
    return told(client, "send", **{"key": str(uuid.uuid4()), "text": text, **fields})


def listed(client) -> list[dict]:
    return client.get(f"{FEED}entries/").json()["items"]


def made_from(client, brief) -> str:
    """What the form of an entry says of the words it was made from."""
    html = next(one["html"] for one in listed(client) if one["id"] == f"b{brief.pk}")
    return html.split('name="made_from" value="')[1].split('"')[0]


def change(client, verb, brief, text, *, status=200, **fields):
    given = {"id": f"b{brief.pk}", "key": str(uuid.uuid4()), "text": text}
    return told(client, verb, status, **given, **fields)


def test_what_is_written_is_with_readers_and_stands_in_the_list(chief):
    answer = send(chief, source="River service")
    brief = Brief.objects.get()
    assert brief.live and brief.source == "River service"
    assert answer["said"].startswith("Published at ")
    assert [one["id"] for one in listed(chief)] == [f"b{brief.pk}"] == [answer["item"]["id"]]
    assert "Trams run again." in answer["item"]["html"]


def test_sent_again_it_is_the_same_item_even_after_somebody_withdrew_it(chief):
    key = str(uuid.uuid4())
    send(chief, key=key)
    brief = Brief.objects.get()
    change(chief, "withdraw", brief, "")
    send(chief, key=key)
    send(chief, "Other words.", key=key)
    brief.refresh_from_db()
    assert Brief.objects.count() == 1
    assert (brief.live, brief.text) == (False, "Trams run again.")


def test_nothing_is_published_of_an_entry_without_words(chief):
    assert told(chief, "send", 400, key=str(uuid.uuid4()), text=" ")["error"] == "invalid"
    assert told(chief, "send", 400, text="No key.")["error"] == "invalid"
    assert not Brief.objects.exists()


def test_a_time_to_come_is_read_on_the_desks_clock(chief, settings):
    UserProfile.objects.create(user=chief.user, current_time_zone="Asia/Tokyo")
    later = timezone.localtime() + datetime.timedelta(hours=3)
    answer = send(chief, at=f"{later:%Y-%m-%dT%H:%M}")
    assert answer["said"] == f"It goes out at {later:%H:%M}."
    assert Brief.objects.get().live is False


def test_what_a_reporter_writes_is_a_draft_that_a_chief_publishes(signed_in):
    reporter = signed_in("reporter")
    assert send(reporter)["said"] == "Kept as a draft."
    brief = Brief.objects.get()
    assert brief.live is False
    chief = colleague("desk-chief")
    change(chief, "change", brief, "Trams run again at six.", made_from=made_from(chief, brief))
    brief.refresh_from_db()
    assert (brief.live, brief.text) == (True, "Trams run again at six.")


def test_a_draft_keeps_what_was_added_in_the_whole_form(chief):
    send(chief, draft="1")
    brief = Brief.objects.get()
    version = brief.get_latest_revision_as_object()
    version.source_url = "https://example.org/"
    version.save_revision()
    change(chief, "change", brief, "Put right.", made_from=made_from(chief, brief))
    brief.refresh_from_db()
    assert (brief.live, brief.text, brief.source_url) == (
        True,
        "Put right.",
        "https://example.org/",
    )


def test_a_draft_of_an_hour_ago_is_timed_when_it_is_published(chief):
    with time_machine.travel(timezone.now() - datetime.timedelta(hours=1)):
        send(chief, draft="1")
    brief = Brief.objects.get()
    change(chief, "change", brief, brief.text, made_from=made_from(chief, brief))
    brief.refresh_from_db()
    assert timezone.now() - brief.published_at < datetime.timedelta(minutes=1)


def test_a_reporter_sees_of_drafts_only_their_own_and_changes_only_those(chief, newsroom):
    send(chief, "Not for everybody.", draft="1")
    reporter = colleague("reporter")
    assert listed(reporter) == []
    hers = Brief.objects.get()
    change(reporter, "change", hers, "Mine now.", status=404, made_from="x")
    send(reporter, "My own.")
    mine = Brief.objects.get(text="My own.")
    version = made_from(reporter, mine)
    change(reporter, "change", mine, "My own, put right.", made_from=version)
    mine.refresh_from_db()
    assert (mine.live, mine.text) == (False, "My own, put right.")
    assert Brief.objects.get(pk=hers.pk).text == "Not for everybody."


@pytest.mark.parametrize("verb", ["correct", "withdraw", "take-back", "pin", "mark-key"])
def test_what_readers_have_is_no_reporters_to_change(chief, verb):
    send(chief)
    brief = Brief.objects.get()
    reporter = colleague("reporter")
    assert "data-open" not in listed(reporter)[0]["html"]
    answer = change(reporter, verb, brief, "Mine.", status=403, made_from="x", note="n")
    assert answer["error"] == "forbidden"
    brief.refresh_from_db()
    assert brief.live and brief.text == "Trams run again."


def test_an_administrator_has_no_such_screen(chief):
    administrator = colleague("administrator")
    assert administrator.get(FEED).status_code == 302
    assert administrator.get(f"{FEED}entries/").status_code == 403
    assert told(administrator, "send", 403, text="x", key=str(uuid.uuid4()))
    assert 'href="/admin/live/"' not in administrator.get("/admin/").content.decode()
    assert "/admin/live/" in chief.get("/admin/").content.decode()


def test_a_correction_is_told_to_readers_once(chief):
    send(chief)
    brief = Brief.objects.get()
    sent = {"key": str(uuid.uuid4()), "note": "It is tram 6.", "made_from": made_from(chief, brief)}
    given = {"id": f"b{brief.pk}", "text": "Tram 6 runs again.", "source": "City"} | sent
    answer = told(chief, "correct", **given)
    assert "It is tram 6." in answer["item"]["html"]
    told(chief, "correct", **given)
    brief.refresh_from_db()
    assert (brief.text, brief.source) == ("Tram 6 runs again.", "City")
    assert BriefCorrection.objects.get().words == "It is tram 6."


def test_a_slip_of_the_pen_is_put_right_without_a_word(chief):
    send(chief, "Trams ruin again.")
    brief = Brief.objects.get()
    version = made_from(chief, brief)
    for _twice in range(2):
        change(chief, "correct", brief, "Trams run again.", made_from=version)
    brief.refresh_from_db()
    assert brief.text == "Trams run again."
    assert brief.revisions.count() == 2
    assert not BriefCorrection.objects.exists()


def test_what_somebody_corrected_meanwhile_is_answered_with_both_texts(chief):
    send(chief)
    brief = Brief.objects.get()
    olha = colleague("desk-chief")
    seen = made_from(chief, brief)
    change(olha, "correct", brief, "Trams run until nine.", made_from=seen, note="Until nine.")
    answer = change(
        chief, "correct", brief, "Trams run until six.", status=409, made_from=seen, note="Six."
    )
    assert answer["error"] == "changed"
    assert answer["said"] == "Olha changed it meanwhile. Nothing of yours was published."
    assert "<mark>nine</mark>" in answer["html"] and "<mark>six</mark>" in answer["html"]
    brief.refresh_from_db()
    assert brief.text == "Trams run until nine."
    change(
        chief,
        "correct",
        brief,
        "Trams run until six.",
        made_from=answer["version"],
        note="Until six.",
    )
    brief.refresh_from_db()
    assert brief.text == "Trams run until six."


def test_a_correction_whose_answer_was_lost_is_done_though_another_came_after_it(chief):
    send(chief)
    brief = Brief.objects.get()
    mine = {"key": str(uuid.uuid4()), "note": "Five.", "made_from": made_from(chief, brief)}
    told(chief, "correct", id=f"b{brief.pk}", text="At five.", **mine)
    change(
        colleague("editor"),
        "correct",
        brief,
        "At six.",
        made_from=made_from(chief, brief),
        note="Six.",
    )
    told(chief, "correct", id=f"b{brief.pk}", text="At five.", **mine)
    brief.refresh_from_db()
    assert brief.text == "At six."


def test_a_draft_that_somebody_changed_meanwhile_is_not_published_over_it(chief):
    send(chief, draft="1")
    brief = Brief.objects.get()
    seen = made_from(chief, brief)
    olha = colleague("editor")
    change(olha, "change", brief, "Hers.", made_from=seen, draft="1")
    answer = change(chief, "change", brief, "Mine.", status=409, made_from=seen)
    assert answer["error"] == "changed"
    brief.refresh_from_db()
    assert (brief.live, brief.text) == (False, "Hers.")


def test_saved_elsewhere_with_the_same_words_it_is_not_changed(chief):
    send(chief)
    brief = Brief.objects.get()
    seen = made_from(chief, brief)
    brief.save_revision(user=chief.user).publish(user=chief.user)
    change(chief, "correct", brief, "At six.", made_from=seen)
    brief.refresh_from_db()
    assert brief.text == "At six."


def test_what_was_withdrawn_is_said_so_and_not_corrected(chief):
    send(chief)
    brief = Brief.objects.get()
    seen = made_from(chief, brief)
    said = change(chief, "withdraw", brief, "", reason="Not confirmed.")["said"]
    brief.refresh_from_db()
    assert brief.live is False and said.startswith("Withdrawn at ")
    assert "Withdrawn" in listed(chief)[0]["html"]
    answer = change(chief, "correct", brief, "Right.", status=409, made_from=seen, note="n")
    assert answer["error"] == "refused" and "withdrawn meanwhile" in answer["said"]


def test_withdrawn_it_can_be_put_right_and_published_again(chief):
    send(chief)
    brief = Brief.objects.get()
    change(chief, "withdraw", brief, "")
    change(chief, "change", brief, "Confirmed.", made_from=made_from(chief, brief))
    brief.refresh_from_db()
    assert (brief.live, brief.text) == (True, "Confirmed.")


def test_undo_is_offered_for_ten_seconds_to_whoever_sent_it(chief):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        item = send(chief)["item"]
        assert item["undo"] == 10 and "take-back" in item["html"]
        assert listed(colleague("editor"))[0]["undo"] == 0
        brief = Brief.objects.get()
        clock.shift(4)
        assert listed(chief)[0]["undo"] == 6
        assert change(chief, "take-back", brief, "")["said"].startswith("Taken back.")
        brief.refresh_from_db()
        assert brief.live is False
        change(chief, "change", brief, "Right now.", made_from=made_from(chief, brief))
        clock.shift(11)
        assert "take-back" not in listed(chief)[0]["html"]
        clock.shift(5)
        answer = change(chief, "take-back", brief, "", status=409)
        assert "too late to undo" in answer["said"]
    brief.refresh_from_db()
    assert brief.live


def test_a_correction_of_an_old_brief_offers_no_undo_of_the_brief(chief):
    with time_machine.travel(timezone.now() - datetime.timedelta(hours=1)):
        send(chief)
    brief = Brief.objects.get()
    answer = change(chief, "correct", brief, "At six.", made_from=made_from(chief, brief))
    assert answer["item"]["undo"] == 0


def test_a_look_at_an_unchanged_list_costs_nothing_to_carry(chief, newsroom):
    a_brief(newsroom.locale, "One.")
    first = chief.get(f"{FEED}entries/")
    again = chief.get(f"{FEED}entries/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "no-store" in first["Cache-Control"], "nothing of it stays in the browser"
    a_brief(newsroom.locale, "Two.")
    later = chief.get(f"{FEED}entries/", headers={"if-none-match": first["ETag"]})
    assert [one["id"] for one in later.json()["items"]] == [
        f"b{brief.pk}" for brief in Brief.objects.all()
    ]


def test_looking_asks_no_more_for_more_entries(chief, newsroom, django_assert_max_num_queries):
    for number in range(30):
        a_brief(newsroom.locale, f"Number {number}.").save_revision(user=chief.user)
    listed(chief)
    with django_assert_max_num_queries(16):
        listed(chief)


def test_the_other_languages_list_is_another(chief):
    chief.post("/admin/live/news-feed.uk/send/", {"key": str(uuid.uuid4()), "text": "Трамваї."})
    assert Brief.objects.get().get_absolute_url().startswith("/uk/news-feed/")
    assert listed(chief) == []
    assert "Трамваї." in chief.get("/admin/live/news-feed.uk/").content.decode()
    assert told(chief, "wave", 404)["error"] == "gone"
    assert chief.get("/admin/live/coverage.99/").url == FEED


def test_what_one_wrote_is_not_sent_in_anothers_name(chief):
    mine = chief.get(FEED).context["account"]
    olha = colleague("desk-chief")
    sent = {"key": str(uuid.uuid4()), "text": "Trams run again."}
    answer = olha.post(f"{FEED}send/", sent, headers={"x-nightdesk-account": mine})
    assert answer.status_code == 401
    assert not Brief.objects.exists()
    assert (
        chief.post(f"{FEED}send/", sent, headers={"x-nightdesk-account": mine}).status_code == 200
    )


def test_markup_in_an_entry_is_text(chief):
    html = send(chief, "<img src=x onerror=alert(1)>", headline='"><script>')["item"]["html"]
    assert "<img" not in html and "<script" not in html


def test_the_plain_form_leads_to_it(chief):
    assert 'href="/admin/live/"' in chief.get("/admin/brief/").content.decode()


def test_of_what_the_screen_shows_already_only_the_place_is_sent_again(chief, newsroom):
    a_brief(newsroom.locale, "One.")
    (shown,) = listed(chief)
    a_brief(newsroom.locale, "Two.")
    has = {"x-nightdesk-has": f"{shown['id']}.{shown['v']} b999.00000000"}
    two, one = chief.get(f"{FEED}entries/", headers=has).json()["items"]
    assert "html" in two and "html" not in one
    assert (one["id"], one["v"]) == (shown["id"], shown["v"])
    has = {"x-nightdesk-has": f"{shown['id']}.00000000"}
    assert all("html" in each for each in chief.get(f"{FEED}entries/", headers=has).json()["items"])


def test_what_the_press_has_to_say_stands_in_the_answer_and_on_no_other_page(chief, monkeypatch):
    late = Acknowledged(taken=True, printed=False)
    monkeypatch.setattr("nightdesk.press.awaiting.acknowledged", lambda _data, _entries: late)
    assert send(chief)["press"].startswith("Saved. The press is busy")
    assert "The press is busy" not in chief.get("/admin/").content.decode()


def test_it_opens_with_the_list_that_one_looked_at_last(chief):
    assert chief.get("/admin/live/").context["stream"].name == "news-feed.en"
    chief.get("/admin/live/news-feed.uk/")
    assert chief.get("/admin/live/").context["stream"].name == "news-feed.uk"
    session = chief.session
    session[LAST] = "coverage.99"
    session.save()
    assert chief.get("/admin/live/").context["stream"].name == "news-feed.en", "that one has ended"
