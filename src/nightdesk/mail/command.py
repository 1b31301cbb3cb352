"""`nightdesk mail`: does it leave, send one now, will it be believed. Rooms above add their own."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Verb:
    """``add`` declares its arguments, ``run`` does it and returns the exit code."""

    name: str
    help: str
    run: Callable[[argparse.Namespace], int]
    add: Callable[[argparse.ArgumentParser], object] = lambda parser: None


_more: dict[str, Verb] = {}


def register(verb: Verb) -> None:
    """For a room above, in ``AppConfig.ready()``."""
    _more[verb.name] = verb


def mail_command(arguments: list[str]) -> int:
    """Does mail leave, what waits, and will it be believed?"""
    import django

    django.setup()
    from django.db import DatabaseError

    parser = argparse.ArgumentParser(prog="nightdesk mail", description=mail_command.__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    known = {verb.name: verb for verb in (STATUS, TEST, DOCTOR, *_more.values())}
    for verb in known.values():
        verb.add(verbs.add_parser(verb.name, help=verb.help, description=verb.help))
    given = parser.parse_args(arguments)
    try:
        return known[given.verb].run(given)
    except DatabaseError as error:
        said = " ".join(str(error).split())
        print(f"nightdesk: the database cannot be reached ({said}).", file=sys.stderr)
        return 1


def status(_given: argparse.Namespace) -> int:
    from django.db.models import Count, Min
    from django.utils import timezone

    from nightdesk.mail import health
    from nightdesk.mail.models import OutgoingMail, Relay, Sender
    from nightdesk.press import database_file

    database_file.in_place()
    state = OutgoingMail.State
    found = health.leaving()
    relay = Relay.objects.filter(name=health.relay_name()).first()
    last = (
        f"; the last left on {_moment(relay.last_left_at)}" if relay and relay.last_left_at else ""
    )
    print(f"relay    {health.relay_name()}{last}")
    waiting = OutgoingMail.objects.filter(state__in=(state.QUEUED, state.SENDING))
    waits = waiting.aggregate(count=Count("pk"), since=Min("created_at"))
    since = f", the oldest since {_moment(waits['since'])}" if waits["count"] else ""
    print(f"queue    {waits['count']} to single persons{since}")
    settled = OutgoingMail.objects.filter(settled_at__isnull=False)
    counted = dict(settled.values_list("state").annotate(count=Count("pk")).order_by())
    week = ", ".join(
        f"{counted.get(each, 0)} {each}" for each in (state.SENT, state.REFUSED, state.UNCERTAIN)
    )
    print(f"week     {week}")
    sender = Sender.objects.first()
    works = bool(sender and sender.holder and sender.lease_until > timezone.now())
    print(f"sender   {'works' if works else 'none works: the worker is not running, or rests'}")
    print(f"mail     {health.in_a_sentence(found)}")
    if not found.ok:
        print(f"         {found.cause}\n         {found.remedy}")
    return int(not found.ok)


def test(given: argparse.Namespace) -> int:
    from django.conf import settings
    from django.core.mail import EmailMessage

    from nightdesk.mail.actions import letters
    from nightdesk.mail.choose import chosen
    from nightdesk.mail.ports import Fate, Message, Outcome
    from nightdesk.mail.signing import signed

    text = f"This is a test of {settings.PUBLIC_URL}. If you can read it, mail leaves that server."
    mail = EmailMessage("A test of mail", text, to=[given.address])
    try:
        [letter] = letters(mail)
    except ValueError:
        print(f"nightdesk: {given.address!r} is no address.", file=sys.stderr)
        return 2
    content = signed(letter.content)
    message = Message(1, letter.mail_from, letter.rcpt_to, content)
    outcomes: list[Outcome] = []

    async def one():  # noqa: ANN202
        yield message

    asyncio.run(chosen(settings.NIGHTDESK).carry(one(), outcomes.append))
    [outcome] = outcomes
    _note(outcome.fate is Fate.SENT)
    said = f"{outcome.code or ''} {outcome.text}".strip()
    print(f"{_WORDS[outcome.fate.value]} {said}")
    return int(outcome.fate is not Fate.SENT)


_WORDS = {
    "sent": "Sent. The relay says:",
    "refused": "Refused. The relay says:",
    "later": "Not sent.",
    "uncertain": "Nobody can say whether it was sent:",
}


def _note(left: bool) -> None:
    """One that left shows that the relay works again."""
    from django.utils import timezone

    from nightdesk.mail.health import relay_name
    from nightdesk.mail.models import Relay

    if left:
        Relay.objects.filter(name=relay_name()).update(
            last_left_at=timezone.now(), refusing_since=None, cause=""
        )


def doctor(given: argparse.Namespace) -> int:
    from django.conf import settings

    from nightdesk.mail.doctor.examine import examine
    from nightdesk.mail.doctor.facts import domains_of, facts_of
    from nightdesk.mail.names import is_name_server

    table = settings.NIGHTDESK
    domains = [given.domain.lower()] if given.domain else domains_of(table)
    if given.resolver and not is_name_server(given.resolver):
        print(f"nightdesk: {given.resolver!r} is no address of a name server.", file=sys.stderr)
        return 2
    worst = 0
    for finding in examine([facts_of(table, domain) for domain in domains], given.resolver):
        print(finding, flush=True)
        worst |= finding.level == "problem"
    return int(worst)


def _moment(when):  # noqa: ANN202
    from django.utils import timezone

    return f"{timezone.localtime(when):%Y-%m-%d %H:%M}"


def _address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("address", help="to whom")


def _domain(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--domain", default="", help="look at this one instead of the settings'")
    parser.add_argument(
        "--resolver", default="", help="ask this name server (ADDRESS or ADDRESS:PORT)"
    )


STATUS = Verb("status", "what waits, how the relay takes it, since when it does not", status)
TEST = Verb("test", "send one mail now and say what the relay answers", test, _address)
DOCTOR = Verb(
    "doctor", "look whether others will believe our mail, and say what to add", doctor, _domain
)
