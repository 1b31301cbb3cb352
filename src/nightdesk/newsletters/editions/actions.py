"""What is done with an edition before it is on its way: schedule it, take it back, approve it, leave
out what may not go, begin from the last one, set one right. On its way: `delivery.actions`."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.translation import gettext
from wagtail.log_actions import log as write_log

from nightdesk.newsletters.editions import contents
from nightdesk.newsletters.models import Edition, Newsletter
from nightdesk.newsletters.said import kept
from nightdesk.stories.corrections import Correction, CorrectionKind
from nightdesk.stories.models import StoryPage

State = Edition.State

#: Within it a second press is a slip of the hand, or of an impatient one.
_A_MOMENT = datetime.timedelta(minutes=1)

#: Names of the verbs in the log; their words are in ``editions/log.py``.
SCHEDULED = "newsletters.schedule"
TAKEN_BACK = "newsletters.take_back"
HELD = "newsletters.hold"
LEFT_OUT = "newsletters.leave_out"
WITHDRAWN = "newsletters.withdraw"
SHOWN = "newsletters.show"


def schedule(
    edition: Edition,
    at: datetime.datetime,
    by: Any,
    *,
    arrive_by: datetime.datetime | None = None,
    spread_minutes: int = 0,
) -> bool:
    """It begins at ``at``. ``by`` approves it with that. False when it is not to be scheduled any
    more: somebody sent, or changed the state of it, meanwhile."""
    now = timezone.now()
    done = _move(
        edition,
        Edition.OPEN,
        State.SCHEDULED,
        send_at=at,
        arrive_by=arrive_by,
        spread_minutes=spread_minutes,
        approved_by=by,
        approved_at=now,
        held_because="",
    )
    if done:
        write_log(instance=edition, action=SCHEDULED, user=by, data={"at": at.isoformat()})
    return done


def take_back(edition: Edition, by: Any) -> bool:
    """A draft again: nothing is sent at the time that it had."""
    back = (State.SCHEDULED, State.APPROVING, State.HELD)
    done = _move(edition, back, State.DRAFT, send_at=None, arrive_by=None, held_because="")
    if done:
        write_log(instance=edition, action=TAKEN_BACK, user=by)
    return done


@transaction.atomic
def leave_out(edition: Edition, by: Any) -> list[str]:
    """Take out what may not go now; the sentences that said so."""
    row = Edition.objects.select_for_update(of=("self",)).get(pk=edition.pk)
    if not row.is_open:
        return []
    troubles = contents.read(row).troubles
    if troubles:
        left = contents.without(contents.blocks_of(row), troubles)
        row.body = row.body.stream_block.to_python(left)
        row.changed_at = timezone.now()
        row.save(update_fields=["body", "changed_at"])
        write_log(
            instance=row,
            action=LEFT_OUT,
            user=by,
            data={"what": kept(contents.each_once(troubles))},
        )
        edition.body = row.body
    return [trouble.sentence for trouble in troubles]


def withdraw(edition: Edition, by: Any, *, withdrawn: bool = True) -> bool:
    """Take its page from the site, lists, feeds and sitemap included; or put it back. Its words are
    what readers were sent, so they are not changed; what must not be read any more goes whole."""
    if not edition.is_out or edition.withdrawn == withdrawn:
        return False
    edition.withdrawn = withdrawn
    edition.save(update_fields=["withdrawn"])
    write_log(instance=edition, action=WITHDRAWN if withdrawn else SHOWN, user=by)
    return True


def last_of(newsletter: Newsletter) -> Edition | None:
    """The edition that a new one begins from."""
    composed = Edition.objects.filter(newsletter=newsletter).exclude(kind=Edition.Kind.CORRECTION)
    return composed.exclude(state=State.DRAFT).first() or composed.first()


@transaction.atomic
def begin(newsletter: Newsletter, by: Any, *, like: Edition | None = None) -> Edition:
    """A new draft; with the blocks of another one, the picks of the board being those of the day
    on which it is sent. Pressed twice, it is one."""
    if begun := _just_begun(newsletter, by, corrects=None):
        return begun
    blocks = contents.blocks_of(like) if like else []
    for block in blocks:
        block["id"] = str(uuid.uuid4())
        if block["type"] == "picks":
            block["value"] = {**block["value"], "stories": []}
    now = timezone.now()
    edition = Edition(newsletter=newsletter, made_by=by, created_at=now, changed_at=now)
    edition.body = edition.body.stream_block.to_python(blocks)
    edition.subject = like.subject if like else ""
    edition.save()
    write_log(instance=edition, action="wagtail.create", user=by)
    return edition


def _just_begun(newsletter: Newsletter, by: Any, corrects: Edition | None) -> Edition | None:
    """The draft that the same person began a moment ago and has not touched. Whoever presses at the
    same time waits here."""
    Newsletter.objects.select_for_update(of=("self",)).filter(pk=newsletter.pk).first()
    mine = Edition.objects.filter(newsletter=newsletter, made_by=by, state=State.DRAFT)
    mine = mine.filter(corrects=corrects, changed_at=F("created_at"))
    return mine.filter(created_at__gt=timezone.now() - _A_MOMENT).first()


@transaction.atomic
def begin_correction(edition: Edition, by: Any) -> Edition:
    """A draft that will go to those who got ``edition``, with what its stories were corrected in
    since then. Pressed twice, it is one."""
    newsletter = edition.newsletter
    if begun := _just_begun(newsletter, by, corrects=edition):
        return begun
    with translation.override(newsletter.language):
        said = gettext("Correction: %(subject)s") % {"subject": edition.subject}
        blocks = list(_what_was_corrected(edition))
    now = timezone.now()
    correction = Edition(
        newsletter=newsletter,
        kind=Edition.Kind.CORRECTION,
        corrects=edition,
        subject=said[:200],
        made_by=by,
        created_at=now,
        changed_at=now,
    )
    correction.body = correction.body.stream_block.to_python(blocks)
    correction.save()
    write_log(instance=correction, action="wagtail.create", user=by)
    return correction


def _what_was_corrected(edition: Edition) -> Any:
    since = edition.started_at or edition.created_at
    ids = contents.stories_in(edition)
    stories = StoryPage.readable().in_bulk(ids)
    rows = Correction.objects.filter(page__in=ids, at__gt=since).exclude(kind=CorrectionKind.UPDATE)
    for row in rows.order_by("at", "pk"):
        if row.page_id not in stories:
            continue
        words = "".join(f"<p>{escape(line)}</p>" for line in row.words.splitlines() if line.strip())
        day = date_format(timezone.localtime(row.at), "DATE_FORMAT")
        html = f"<p><b>{escape(row.get_kind_display())}, {day}</b></p>{words}"
        story = {"story": row.page_id, "headline": "", "words": "", "picture": False}
        yield {"type": "text", "value": html, "id": str(uuid.uuid4())}
        yield {"type": "story", "value": story, "id": str(uuid.uuid4())}


def sent_before(edition: Edition, *, of_the_last: int = 10) -> list[str]:
    """Headlines of stories in it that a recent edition of the newsletter had already."""
    here = set(contents.stories_in(edition))
    if not here or edition.kind == Edition.Kind.CORRECTION:
        return []
    had: set[int] = set()
    recent = Edition.out().filter(newsletter=edition.newsletter_id).exclude(pk=edition.pk)
    for other in recent[:of_the_last]:
        had |= here & set(contents.stories_in(other))
    return list(StoryPage.objects.filter(pk__in=had).order_by("pk").values_list("title", flat=True))


@transaction.atomic
def _move(
    edition: Edition, of: tuple[Edition.State, ...], to: Edition.State, **fields: object
) -> bool:
    """From one of these states to that one while nobody has it; no page says anything of it."""
    row = Edition.objects.select_for_update(of=("self",)).filter(pk=edition.pk, state__in=of)
    found = row.first()
    if found is None or found.has_left():
        return False
    found.state, found.changed_at = to, timezone.now()
    for name, value in fields.items():
        setattr(found, name, value)
    found.save(update_fields=["state", "changed_at", *fields])
    edition.refresh_from_db(fields=["state", "changed_at", *fields])
    return True
