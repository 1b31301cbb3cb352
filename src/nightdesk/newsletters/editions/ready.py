"""Just before the first message of an edition leaves: read everything again, and fix what is sent."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from wagtail.log_actions import log as write_log

from nightdesk.newsletters.editions import contents as reading
from nightdesk.newsletters.editions import picks
from nightdesk.newsletters.editions.actions import LEFT_OUT
from nightdesk.newsletters.editions.compiling import Compiled, compile_edition
from nightdesk.newsletters.models import CompiledEdition, Delivery, Edition
from nightdesk.newsletters.said import Said, SaidError, kept


class MustHoldError(SaidError):
    """It cannot go out as it is."""


@transaction.atomic
def make_ready(edition: Edition) -> CompiledEdition:
    """What is sent of ``edition``, with every story as it is now; kept, and given back unchanged
    once a message of it has left. Raises ``MustHoldError``, and has changed nothing then."""
    row = (
        Edition.objects.select_for_update(of=("self",))
        .select_related("newsletter__locale", "corrects")
        .get(pk=edition.pk)
    )
    compiled_before = CompiledEdition.of(row)
    if compiled_before is not None and row.has_left():
        return compiled_before
    troubles = reading.read(row).troubles
    if troubles:
        raise MustHoldError(*reading.each_once(troubles))
    _settle_picks(row)
    compiled = compile_edition(row)
    if not compiled.contents.parts:
        raise MustHoldError(Said(_("There is nothing in it.")))
    if not compiled.subject:
        raise MustHoldError(Said(_("It has no subject.")))
    made = _keep(row, compiled)
    edition.body = row.body
    return made


@transaction.atomic
def make_ready_without(edition: Edition, by: Any) -> list[str]:
    """For the rest of a paused edition's readers: the same without what may not go any more. The
    sentences that said so. Raises ``MustHoldError``, and has changed nothing then."""
    row = (
        Edition.objects.select_for_update(of=("self",))
        .select_related("newsletter__locale", "corrects")
        .get(pk=edition.pk)
    )
    if row.state != Edition.State.PAUSED or CompiledEdition.of(row) is None:
        raise MustHoldError(Said(_("It is not paused any more.")))
    if row.deliveries.filter(state=Delivery.State.SENDING).exists():
        raise MustHoldError(
            Said(_("Its last messages are still on their way. Try again in a few seconds."))
        )
    troubles = reading.read(row).troubles
    if not troubles:
        return []
    row.body = row.body.stream_block.to_python(reading.without(reading.blocks_of(row), troubles))
    compiled = compile_edition(row)
    if not compiled.contents.parts:
        raise MustHoldError(Said(_("There is nothing else in it. Cancel the rest.")))
    row.version += 1
    row.changed_at = timezone.now()
    row.save(update_fields=["body", "version", "changed_at"])
    _keep(row, compiled)
    what = kept(reading.each_once(troubles))
    write_log(instance=row, action=LEFT_OUT, user=by, data={"what": what})
    edition.refresh_from_db(fields=["body", "version", "changed_at"])
    return [trouble.sentence for trouble in troubles]


def _keep(edition: Edition, compiled: Compiled) -> CompiledEdition:
    whole = "\0".join((compiled.subject, compiled.html, compiled.text))
    row, _new = CompiledEdition.objects.update_or_create(
        edition=edition,
        version=edition.version,
        defaults={
            "subject": compiled.subject,
            "html": compiled.html,
            "text": compiled.text,
            "made_of": compiled.contents.made_of,
            "sha256": hashlib.sha256(whole.encode()).hexdigest(),
            "compiled_at": timezone.now(),
        },
    )
    return row


def _settle_picks(edition: Edition) -> None:
    """The picks on the board now are those of this edition for good: its page shows them, too."""
    blocks = reading.blocks_of(edition)
    changed = False
    for block in blocks:
        if block["type"] == "picks" and not reading.items(block["value"]):
            found = picks.now(edition.newsletter.language, block["value"].get("count") or 5)
            block["value"] = {**block["value"], "stories": [story.pk for story in found]}
            changed = changed or bool(found)
    if changed:
        edition.body = edition.body.stream_block.to_python(blocks)
        edition.save(update_fields=["body"])
