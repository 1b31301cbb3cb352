"""What editors do with an edition in the admin, and who may."""

from __future__ import annotations

import datetime
import email
import email.policy
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from nightdesk.mail.models import OutgoingMail
from nightdesk.newsletters import tokens
from nightdesk.newsletters.editions.ready import make_ready
from nightdesk.newsletters.models import (
    Delivery,
    DigestRule,
    Edition,
    MailEvent,
    Subscription,
)
from nightdesk.people.roles import PRODUCER, REPORTER
from nightdesk.stories.corrections import Correction
from tests.making import a_picture, a_story
from tests.newsletters.composing import Html, a_newsletter, an_edition, readers, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(newsroom):
    return a_newsletter(newsroom.locale)


@pytest.fixture
def desk(signed_in):
    return signed_in("producer")


def at(name: str, edition: Edition, **more) -> str:
    return reverse(name, kwargs={"pk": edition.pk, **more})


def text_of(answer) -> str:
    return " ".join(" ".join(Html(answer.content.decode()).words).split())


def form_of(answer) -> dict[str, str]:
    """What a browser would send back unchanged."""
    return {
        name: value
        for name, value in re.findall(
            r'<input type="hidden" name="([\w-]+)"(?: value="([^"]*)")?', answer.content.decode()
        )
        if name != "csrfmiddlewaretoken"
    }


def body_of(*blocks: tuple[str, dict[str, str]]) -> dict[str, str]:
    """A StreamField's part of a form."""
    sent = {"body-count": str(len(blocks))}
    for n, (kind, values) in enumerate(blocks):
        sent |= {
            f"body-{n}-deleted": "",
            f"body-{n}-order": str(n),
            f"body-{n}-type": kind,
            f"body-{n}-id": "",
        }
        for name, value in values.items():
            sent[f"body-{n}-value{'-' if name else ''}{name}"] = value
    return sent


def test_an_edition_is_composed_and_leads_to_where_it_is_looked_at(desk, letter, section):
    story = a_story(section, "Bridge closed", standfirst="Until spring.")
    sent_form = {
        "newsletter": str(letter.pk),
        "subject": "Morning, Ternholm",
        "preheader": "",
        **body_of(
            ("heading", {"": "Today"}),
            ("story", {"story": str(story.pk), "headline": "", "words": "", "picture": "on"}),
        ),
    }
    answer = desk.post(reverse(Edition.snippet_viewset.get_url_name("add")), sent_form)
    edition = Edition.objects.get()
    assert answer.status_code == 302 and answer["Location"] == at("edition", edition)
    assert edition.made_by == desk.user and edition.state == "draft"
    page = desk.get(answer["Location"])
    assert "A draft: nothing is sent." in text_of(page)
    assert "Bridge closed" in desk.get(at("edition_html", edition)).content.decode()


def test_of_two_forms_the_second_gets_both_texts(desk, letter):
    edition = an_edition(letter, ("heading", "Today"))
    edit = reverse(Edition.snippet_viewset.get_url_name("edit"), args=[edition.pk])
    made_from = form_of(desk.get(edit))
    form = {
        "newsletter": str(letter.pk),
        "preheader": "",
        **body_of(("heading", {"": "Today"})),
        **made_from,
    }
    assert desk.post(edit, {**form, "subject": "One"}).status_code == 302
    assert desk.post(edit, {**form, "subject": "Two"}).status_code == 409
    assert Edition.objects.get().subject == "One"


def test_the_mail_is_shown_in_a_frame_that_may_do_nothing(desk, letter):
    edition = an_edition(letter, ("text", "<p>Hello.</p>"), ("picture", a_picture()))
    page = desk.get(at("edition", edition)).content.decode()
    assert 'sandbox="allow-same-origin"' in page
    mail = desk.get(at("edition_html", edition))
    policy = mail["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script" not in policy and "sandbox" in policy
    assert mail["X-Frame-Options"] == "SAMEORIGIN"
    html = mail.content.decode()
    assert tokens.MARK not in html
    assert {str(each["src"])[:7] for each in Html(html).pictures} == {"/media/"}
    assert "@media not all {" in html
    dark = desk.get(f"{at('edition_html', edition)}?dark=1").content.decode()
    assert "@media all {" in dark and "prefers-color-scheme" not in dark
    text = desk.get(f"{at('edition', edition)}?view=text").content.decode()
    assert "Hello." in text and tokens.MARK not in text


def test_a_test_goes_to_the_editor_alone(desk, letter):
    desk.user.email = "anna@example.org"
    desk.user.save()
    readers(letter, 2)
    edition = an_edition(letter, ("text", "<p>Доброго ранку.</p>"))
    desk.post(at("edition_test", edition))
    (row,) = OutgoingMail.objects.all()
    assert row.rcpt_to == "anna@example.org"
    message = email.message_from_bytes(bytes(row.content), policy=email.policy.default)
    assert message["Subject"] == "Test: What happened overnight"
    plain = message.get_body(["plain"]).get_content()
    html = message.get_body(["html"]).get_content()
    assert "Доброго ранку." in plain and "Доброго ранку." in html
    assert tokens.MARK not in plain + html
    assert Edition.objects.get().state == "draft" and not Delivery.objects.exists()


def test_without_an_address_of_ones_own_there_is_no_test(desk, letter):
    edition = an_edition(letter, ("text", "<p>Hello.</p>"))
    answer = desk.post(at("edition_test", edition), follow=True)
    assert "Your account has no e-mail address" in text_of(answer)
    assert not OutgoingMail.objects.exists()


def test_sending_asks_with_the_number_of_readers_and_then_begins(desk, letter):
    readers(letter, 3)
    edition = an_edition(letter, ("text", "<p>Hello.</p>"), subject="Bridge closed")
    ask = desk.get(at("edition_send", edition))
    assert "Send “Bridge closed” to 3 readers now?" in text_of(ask)
    assert Edition.objects.get().state == "draft"
    desk.post(at("edition_send", edition), form_of(ask))
    row = Edition.objects.get()
    assert (row.state, row.approved_by) == ("preparing", desk.user)
    again = desk.post(at("edition_send", edition), form_of(ask), follow=True)
    assert "It is on its way already." in text_of(again)


def test_what_was_changed_since_the_question_is_not_sent(desk, letter):
    readers(letter, 1)
    edition = an_edition(letter, ("text", "<p>Hello.</p>"))
    ask = desk.get(at("edition_send", edition))
    Edition.objects.update(changed_at=timezone.now())
    answer = desk.post(at("edition_send", edition), form_of(ask), follow=True)
    assert "It was changed meanwhile." in text_of(answer)
    assert Edition.objects.get().state == "draft"


def test_to_nobody_nothing_is_sent(desk, letter):
    edition = an_edition(letter, ("text", "<p>Hello.</p>"))
    page = desk.get(at("edition_send", edition))
    assert "Nobody is subscribed" in text_of(page)
    assert ">Send</button>" not in page.content.decode()


def test_so_many_readers_are_offered_to_be_spread(desk, letter, monkeypatch):
    from nightdesk.newsletters.editions import times

    monkeypatch.setattr(times, "MANY", 2)
    readers(letter, 3)
    edition = an_edition(letter, ("text", "<p>Hello.</p>"))
    ask = desk.get(at("edition_send", edition))
    assert "spread over 30 minutes" in text_of(ask)
    desk.post(at("edition_send", edition), {**form_of(ask), "spread": "30"})
    assert Edition.objects.get().spread_minutes == 30


def test_held_it_goes_without_what_may_not_go(desk, letter, section):
    readers(letter, 1)
    down, stays = a_story(section, "Bridge closed"), a_story(section, "Ferries")
    down.unpublish()
    edition = an_edition(
        letter,
        ("story", down),
        ("story", stays),
        state="held",
        held_because="“Bridge closed” is not published.",
    )
    page = desk.get(at("edition", edition))
    assert "Not sent: “Bridge closed” is not published." in text_of(page)
    assert "Send without it…" in text_of(page) and "Edit" in text_of(page)
    whole = desk.get(at("edition_send", edition))
    assert ">Send</button>" not in whole.content.decode()
    without = f"{at('edition_send', edition)}?without=1"
    ask = desk.get(without)
    assert "Left out: “Bridge closed” is not published." in text_of(ask)
    desk.post(without, form_of(ask))
    row = Edition.objects.get()
    assert row.state == "preparing" and row.why_held == ""
    assert "Bridge closed" not in make_ready(row).html


def schedule(desk, edition, **form):
    form = {"day": "2027-03-28", "clock": "07:00", "meaning": "begin", **form}
    return desk.post(at("edition_schedule", edition), form, follow=True)


def test_scheduling_says_when_and_can_be_taken_back(desk, letter):
    letter.time_zone = "Europe/Kyiv"
    letter.save()
    edition = an_edition(letter, ("text", "<p>Hello.</p>"))
    answer = schedule(desk, edition)
    assert "Sending begins at 7:00 on 28 March 2027" in text_of(answer)
    row = Edition.objects.get()
    assert row.send_at == datetime.datetime(2027, 3, 28, 4, tzinfo=datetime.UTC)
    answer = desk.post(at("edition_do", edition, verb="take-back"), follow=True)
    assert "It is a draft again" in text_of(answer)
    assert Edition.objects.get().state == "draft"


def test_scheduling_refuses_a_time_that_is_none_beside_its_field(desk, letter):
    letter.time_zone = "Europe/Kyiv"
    letter.save()
    edition = an_edition(letter, ("text", "<p>Hello.</p>"))
    assert "There is no 3:30 on 28 March 2027 in Kyiv" in text_of(
        schedule(desk, edition, clock="03:30")
    )
    assert "has passed" in text_of(schedule(desk, edition, day="2020-01-01"))
    assert "How fast your relay takes mail is not known yet" in text_of(
        schedule(desk, edition, meaning="arrive")
    )
    assert Edition.objects.get().state == "draft"


def test_to_arrive_by_seven_it_begins_earlier(desk, letter, settings):
    settings.NIGHTDESK = type(settings.NIGHTDESK)({"NIGHTDESK_MAIL_RATE": "0.1"})
    letter.time_zone = "Europe/Kyiv"
    letter.save()
    readers(letter, 60)
    edition = an_edition(letter, ("text", "<p>Hello.</p>"))
    answer = schedule(desk, edition, meaning="arrive")
    assert "Sending begins at 6:48 on 28 March 2027" in text_of(answer)
    assert "so that everybody has it by 7:00 on 28 March 2027" in text_of(answer)


def test_a_digest_is_approved_for_its_own_time(desk, letter):
    later = timezone.now() + datetime.timedelta(hours=2)
    edition = an_edition(letter, ("text", "<p>x</p>"), state="approving", send_at=later)
    assert "It waits for approval" in text_of(desk.get(at("edition", edition)))
    desk.post(at("edition_do", edition, verb="approve"))
    row = Edition.objects.get()
    assert (row.state, row.send_at, row.approved_by) == ("scheduled", later, desk.user)


def test_what_readers_have_is_not_edited_and_not_deleted(desk, letter):
    edition = an_edition(letter, ("text", "<p>x</p>"), state="sending", total=1)
    (reader,) = readers(letter, 1)
    Delivery.objects.create(edition=edition, subscriber=reader, state=Delivery.State.SENT)
    edit = reverse(Edition.snippet_viewset.get_url_name("edit"), args=[edition.pk])
    assert "cannot be changed any more" in text_of(desk.get(edit, follow=True))
    assert desk.post(edit, {"subject": "Other"}).status_code == 302
    delete = reverse(Edition.snippet_viewset.get_url_name("delete"), args=[edition.pk])
    assert "was not deleted" in text_of(desk.post(delete, follow=True))
    assert Edition.objects.get().subject == "What happened overnight"


def under_way(letter, **states: int) -> Edition:
    edition = an_edition(
        letter, ("text", "<p>x</p>"), started_at=timezone.now(), total=sum(states.values())
    )
    make_ready(edition)
    for name, count in states.items():
        for reader in readers(letter, count):
            state = Delivery.State[name.upper()]
            Delivery.objects.create(edition=edition, subscriber=reader, state=state)
    Edition.objects.filter(pk=edition.pk).update(state="sending")
    return Edition.objects.get(pk=edition.pk)


def test_progress_is_counted_live_paused_and_resumed(desk, letter):
    edition = under_way(letter, sent=2, queued=3, uncertain=1)
    page = desk.get(at("edition", edition)).content.decode()
    assert "newsletters/progress.js" in page and '<noscript><meta http-equiv="refresh"' in page
    found = desk.get(at("edition_progress", edition)).json()
    assert (found["state"], found["total"], found["done"]) == ("sending", 6, 3)
    assert found["counts"]["queued"] == 3 and found["words"]["sent"] == "2"
    desk.post(at("edition_do", edition, verb="pause"))
    assert Edition.objects.get().state == "paused"
    page = desk.get(at("edition", edition))
    assert "Paused: nobody else gets it" in text_of(page)
    assert "Send again to 1 uncertain" in text_of(page)
    desk.post(at("edition_do", edition, verb="again"))
    assert Delivery.objects.filter(state=Delivery.State.UNCERTAIN).count() == 0
    desk.post(at("edition_do", edition, verb="resume"))
    assert Edition.objects.get().state == "sending"
    ask = desk.get(at("edition_cancel", edition))
    assert "2 readers have it" in text_of(ask) and "4 who wait" in text_of(ask)
    desk.post(at("edition_cancel", edition))
    assert Edition.objects.get().state == "cancelled"


def test_paused_by_a_takedown_it_does_not_go_on_with_that_in_it(desk, letter, section):
    edition = under_way(letter, sent=1, queued=1)
    story = a_story(section, "Bridge closed")
    edition.body = an_edition(letter, ("story", story)).body
    edition.save()
    story.unpublish()
    Edition.objects.filter(pk=edition.pk).update(state="paused", held_because="It is down.")
    answer = desk.get(at("edition", edition))
    page = text_of(answer)
    assert at("edition_do", edition, verb="resume") not in answer.content.decode()
    assert "Go on without it, cancel the rest, or set that right and go on here." in page
    answer = desk.post(at("edition_do", edition, verb="resume"), follow=True)
    assert "It stays paused. “Bridge closed” is not published." in text_of(answer)
    edition.refresh_from_db()
    assert edition.state == "paused"


def test_the_report_sums_to_those_whom_it_was_for(desk, letter):
    edition = under_way(letter, sent=4, skipped=1, failed=1, uncertain=1)
    got = list(Delivery.objects.filter(state=Delivery.State.SENT))
    Delivery.objects.update(settled_at=timezone.now())
    Edition.objects.filter(pk=edition.pk).update(state="finished", finished_at=timezone.now())
    for n, kind in enumerate(["bounced", "bounced", "complained"]):
        MailEvent.objects.create(
            edition=edition,
            subscriber_id=got[min(n, 1)].subscriber_id,
            kind=kind,
            source="test",
            event_id=f"{n}",
        )
    left = Subscription.objects.filter(subscriber_id__in=[got[2].subscriber_id])
    left.update(state="unsubscribed", ended_at=timezone.now())
    late = Subscription.objects.filter(subscriber_id=got[3].subscriber_id)
    late.update(state="unsubscribed", ended_at=timezone.now() + datetime.timedelta(days=9))
    page = text_of(desk.get(at("edition", edition)))
    for line in (
        "For 7",
        "Sent 4",
        "Passed over (no longer subscribed, or cancelled) 1",
        "Refused by the relay 1",
        "Uncertain: the relay may have it 1",
        "Came back 2",
        "Marked as spam 1",
        "Unsubscribed within 3 days 1",
    ):
        assert line in page
    assert "do not sum" not in page
    Delivery.objects.filter(state=Delivery.State.FAILED).delete()
    assert "do not sum" in text_of(desk.get(at("edition", edition)))


def test_a_correction_is_for_those_who_got_it_and_says_what_was_corrected(desk, letter, section):
    story = a_story(section, "Bridge closed")
    edition = sent(an_edition(letter, ("story", story), subject="The bridge"))
    got, uncertain, skipped, left, never = readers(letter, 5)
    for reader, state in ((got, "SENT"), (uncertain, "UNCERTAIN"), (skipped, "SKIPPED"),
                          (left, "SENT")):  # fmt: skip
        Delivery.objects.create(edition=edition, subscriber=reader, state=Delivery.State[state])
    Subscription.objects.filter(subscriber=left).update(state="unsubscribed")
    story.corrections = [Correction(kind="correction", words="It is the <other> bridge.")]
    story.save_revision().publish()
    answer = desk.post(at("edition_correct", edition))
    correction = Edition.objects.get(kind="correction")
    assert answer["Location"].endswith(f"/edit/{correction.pk}/")
    assert correction.subject == "Correction: The bridge"
    from nightdesk.newsletters.editions.recipients import recipients

    assert {row.subscriber for row in recipients(correction)} == {got, uncertain}
    assert never not in {row.subscriber for row in recipients(correction)}
    ready = make_ready(correction)
    assert "It is the &lt;other&gt; bridge." in ready.html
    assert "A correction to “The bridge”, which we sent you on" in ready.text
    ask = desk.get(at("edition_send", correction))
    assert "Send “Correction: The bridge” to 2 readers now?" in text_of(ask)


def test_the_next_one_begins_from_the_last(desk, letter, section):
    story = a_story(section, "Bridge closed")
    picks = {"heading": "More", "count": 4, "stories": [story.pk]}
    sent(an_edition(letter, ("heading", "Today"), ("story", story), ("picks", picks)))
    desk.post(reverse("edition_like", args=[letter.pk]))
    draft = Edition.objects.get(state="draft")
    kinds = [dict(block)["type"] for block in draft.body.raw_data]
    assert kinds == ["heading", "story", "picks"]
    assert dict(draft.body.raw_data[2])["value"]["stories"] == []
    page = text_of(desk.get(at("edition", draft)))
    assert "Readers have had these in an edition already: Bridge closed" in page


@pytest.mark.parametrize("name", ["edition_like", "edition_correct"])
def test_pressed_twice_one_draft_is_begun(desk, letter, section, name):
    """The second press, of an impatient hand, leads to what the first one made."""
    edition = sent(an_edition(letter, ("heading", "Today")))
    at_once = reverse(name, args=[letter.pk if name == "edition_like" else edition.pk])
    first, second = desk.post(at_once), desk.post(at_once)
    assert first["Location"] == second["Location"]
    draft = Edition.objects.get(state="draft")
    Edition.objects.filter(pk=draft.pk).update(changed_at=timezone.now())  # it was worked on
    desk.post(at_once)
    assert Edition.objects.filter(state="draft").count() == 2
    # Whoever does it a minute later wants another one.
    long_ago = timezone.now() - datetime.timedelta(minutes=2)
    Edition.objects.filter(state="draft").update(created_at=long_ago, changed_at=long_ago)
    desk.post(at_once)
    assert Edition.objects.filter(state="draft").count() == 3


def test_a_large_edition_is_warned_of_with_its_size(desk, letter):
    edition = an_edition(letter, *[("text", f"<p>{'long ' * 900}</p>")] * 24)
    readers(letter, 1)
    for page in ("edition", "edition_send", "edition_schedule"):
        said = text_of(desk.get(at(page, edition)))
        assert re.search(r"It is 1\d\d KB of HTML\.", said), page
    small = an_edition(letter, ("text", "<p>Short.</p>"))
    for page in ("edition", "edition_send", "edition_schedule"):
        assert "KB of HTML" not in text_of(desk.get(at(page, small))), page


def test_who_may_not_send_sends_nothing(signed_in, letter):
    desk = signed_in(REPORTER)
    readers(letter, 1)
    edition = an_edition(letter, ("text", "<p>x</p>"))
    for name, more in [
        ("edition", {}),
        ("edition_html", {}),
        ("edition_progress", {}),
        ("edition_send", {}),
        ("edition_schedule", {}),
        ("edition_cancel", {}),
    ]:
        assert desk.get(at(name, edition, **more)).status_code in (302, 403), name
    for name, more in [
        ("edition_send", {}),
        ("edition_test", {}),
        ("edition_correct", {}),
        ("edition_do", {"verb": "approve"}),
    ]:
        assert desk.post(at(name, edition, **more)).status_code in (302, 403), name
    assert Edition.objects.get().state == "draft"
    assert not OutgoingMail.objects.exists()


def test_who_may_change_but_not_send_leaves_what_is_scheduled_alone(signed_in, letter):
    from django.contrib.auth.models import Group, Permission

    desk = signed_in(PRODUCER)
    Group.objects.get(name="Producer").permissions.remove(
        Permission.objects.get(codename="send_edition")
    )
    edition = an_edition(letter, ("text", "<p>x</p>"), state="scheduled", send_at=timezone.now())
    edit = reverse(Edition.snippet_viewset.get_url_name("edit"), args=[edition.pk])
    assert "It is approved and scheduled" in text_of(desk.get(edit, follow=True))
    page = text_of(desk.get(at("edition", edition)))
    assert "Send now…" not in page and "Back to a draft" not in page
    assert desk.post(at("edition_do", edition, verb="take-back")).status_code in (302, 403)
    assert Edition.objects.get().state == "scheduled"


def test_a_rule_of_digests_is_made_in_its_form(desk, letter, section):
    add = reverse(DigestRule.snippet_viewset.get_url_name("add"))
    form = {
        "newsletter": str(letter.pk),
        "on": "on",
        "monday": "on",
        "at": "07:00",
        "minutes_before": "30",
        "subject": "",
        "least": "2",
        "most": "8",
        "sections": [str(section.pk)],
    }
    assert desk.post(add, form).status_code == 302
    rule = DigestRule.objects.get()
    assert rule.days == {0} and list(rule.sections.all()) == [section]
    edit = reverse(DigestRule.snippet_viewset.get_url_name("edit"), args=[rule.pk])
    assert "Due next at 7:00" in text_of(desk.get(edit))
    del form["monday"]
    assert "Choose at least one day." in text_of(desk.post(add, form))


def test_every_step_stands_in_the_history(desk, letter):
    edition = an_edition(letter, ("text", "<p>x</p>"))
    schedule(desk, edition)
    desk.post(at("edition_do", edition, verb="take-back"))
    history = reverse(Edition.snippet_viewset.get_url_name("history"), args=[edition.pk])
    page = text_of(desk.get(history))
    assert "Approved it, to be sent on 28 March" in page and "Took it back to a draft" in page
