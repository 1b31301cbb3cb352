"""All checks, in order; without DNS those that need none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nightdesk.kernel.finding import Finding, warning
from nightdesk.mail.doctor import believed, spf, ways
from nightdesk.mail.doctor.facts import Facts
from nightdesk.mail.names import Names, NoDNSError

_BY_DNS = (
    spf.check,
    believed.dkim,
    believed.dmarc,
    ways.returned_mail,
    ways.name_of_the_relay,
)


def examine(every: Sequence[Facts], resolver: str = "") -> Iterator[Finding]:
    """``every``: one for each domain that mail comes from; the first is the newsroom's own."""
    yield from ways.encryption(every[0])
    if every[0].relay is not None:
        yield from _by_dns(every, resolver)
    yield from ways.unsubscribing(every[0])


def _by_dns(every: Sequence[Facts], resolver: str) -> Iterator[Finding]:
    said: set[str] = set()
    try:
        names = Names(resolver)
        for facts in every:
            for check in _BY_DNS:
                for found in check(facts, names):
                    if str(found) not in said:  # several domains share a relay
                        said.add(str(found))
                        yield found
    except NoDNSError as error:
        yield warning(
            "DNS",
            f"{error}: SPF, DKIM, DMARC, PTR and MX could not be looked at",
            "ask again where there is one, or name one: --resolver 9.9.9.9",
        )
