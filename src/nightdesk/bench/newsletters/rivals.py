"""The same mail to the same readers by other means: `python -m nightdesk.bench.newsletters.rivals
smtplib --port 2525 --count 2000`. Each counts nobody's state: it only sends.

- ``smtplib``, ``aiosmtplib``: ten connections, kept open, each message built by our own pieces and
  handed over whole; what is compared is the transport.
- ``courier``: our own courier alone, without a database and with one message that was made before:
  what this machine lets through at most, whatever books are kept.
- ``django``: how a Django site sends a newsletter without help: for each reader a template is
  rendered into an ``EmailMultiAlternatives``, over one connection.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import queue
import resource
import smtplib
import sys
import threading
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from nightdesk.newsletters.delivery.segments import Segments

CONNECTIONS = 10
_HOST = "127.0.0.1"
_SENDER = "morning@news.example"


def _messages(count: int) -> Iterator[tuple[str, bytes]]:
    """To whom, and the mail, as ours are built."""
    from nightdesk.newsletters.delivery.segments import Segments
    from nightdesk.newsletters.models import CompiledEdition

    segments = Segments(
        CompiledEdition.objects.select_related("edition__newsletter__locale").latest("pk")
    )
    # Read from the database here and now: aiosmtplib asks for them in its loop, where one must not.
    return (_message(segments, number) for number in range(count))


def _message(segments: Segments, number: int) -> tuple[str, bytes]:
    to = f"reader{number}@readers.example"
    return to, b"".join(segments.content(number, uuid.UUID(int=number).bytes, to).each)


def by_smtplib(port: int, count: int) -> None:
    waiting: queue.Queue[tuple[str, bytes] | None] = queue.Queue(2 * CONNECTIONS)

    def send() -> None:
        with smtplib.SMTP(_HOST, port) as relay:
            while (one := waiting.get()) is not None:
                relay.sendmail(_SENDER, one[0], one[1])

    threads = [threading.Thread(target=send) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for message in _messages(count):
        waiting.put(message)
    for _ in threads:
        waiting.put(None)
    for thread in threads:
        thread.join()


def by_aiosmtplib(port: int, count: int) -> None:
    import aiosmtplib

    messages = list(_messages(count)) if count <= 2000 else _messages(count)

    async def send(some: Iterator[tuple[str, bytes]]) -> None:
        async with aiosmtplib.SMTP(hostname=_HOST, port=port, use_tls=False) as relay:
            for to, content in some:
                await relay.sendmail(_SENDER, [to], content)

    async def all_of_them() -> None:
        shared = iter(messages)
        await asyncio.gather(*(send(shared) for _ in range(CONNECTIONS)))

    asyncio.run(all_of_them())


def by_django(port: int, count: int) -> None:
    from django.core.mail import EmailMultiAlternatives, get_connection
    from django.template import engines

    from nightdesk.bench.newsletters.fill import html, text
    from nightdesk.newsletters import tokens

    both = [
        engines["django"].from_string(words().replace(tokens.MARK, "{{ token }}"))
        for words in (html, text)
    ]
    relay = get_connection(
        "django.core.mail.backends.smtp.EmailBackend", host=_HOST, port=port, username=None
    )
    with relay:
        for number in range(count):
            said = {"token": tokens.for_reader(uuid.UUID(int=number), 1)}
            mail = EmailMultiAlternatives(
                "The river turned",
                both[1].render(said),
                _SENDER,
                [f"reader{number}@readers.example"],
                connection=relay,
                headers={"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
            )
            mail.attach_alternative(both[0].render(said), "text/html")
            mail.send()


def by_courier(port: int, count: int) -> None:
    from nightdesk.mail.adapters.smtp import SMTPCourier
    from nightdesk.mail.ports import Fate, Message, Outcome, Pieces
    from nightdesk.mail.relay import TLS, RelayAddress

    ((to, content),) = _messages(1)
    head, _, body = content.partition(b"\r\n\r\n")
    pieces = Pieces.of(head + b"\r\n\r\n", body)
    sent = 0

    async def given() -> AsyncIterator[Message]:
        for number in range(count):
            yield Message(number, _SENDER, to, pieces)

    def told(outcome: Outcome) -> None:
        nonlocal sent
        sent += outcome.fate is Fate.SENT

    courier = SMTPCourier(RelayAddress(_HOST, port, TLS.WHEN_OFFERED, "", ""), CONNECTIONS)
    asyncio.run(courier.carry(given(), told))
    if sent != count:
        raise RuntimeError(f"{sent} of {count} were sent.")


RIVALS: dict[str, Callable[[int, int], None]] = {
    "smtplib": by_smtplib,
    "aiosmtplib": by_aiosmtplib,
    "django": by_django,
    "courier": by_courier,
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m " + __spec__.name, description=__doc__)
    parser.add_argument("name", choices=RIVALS)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--count", type=int, default=1000)
    given = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nightdesk.settings.site")
    django.setup()
    before, begun = _used(), time.perf_counter()
    RIVALS[given.name](given.port, given.count)
    said: dict[str, Any] = {
        "sent": given.count,
        "seconds": round(time.perf_counter() - begun, 4),
        "cpu_seconds": round(_used() - before, 4),
    }
    print(json.dumps(said))
    return 0


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
