"""SPF (RFC 7208): may our relay send for the domain that returned mail goes to?"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass, field

from nightdesk.kernel.finding import Finding, ok, problem, warning
from nightdesk.mail.doctor.facts import Facts
from nightdesk.mail.names import Names

WHAT = "SPF"
#: RFC 7208 §4.6.4: with more questions than these, a receiver takes the record as broken.
MOST_LOOKUPS = 10


def records(names: Names, domain: str) -> list[str]:
    found = names.texts(domain)
    return [
        text for text in found if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")
    ]


def check(facts: Facts, names: Names) -> Iterator[Finding]:
    if facts.relay is None:
        return
    domain = facts.bounces
    found = records(names, domain)
    wanted = _wanted(facts)
    if not found:
        line = f'{domain}. TXT "v=spf1 {wanted} ~all"'
        said = f"{domain} does not say who may send for it; large receivers refuse such mail"
        yield problem(WHAT, said, f"add to DNS: {line}")
        return
    if len(found) > 1:
        said = f"{domain} has {len(found)} SPF records, and receivers then believe none"
        yield problem(WHAT, said, "join them into one TXT record")
        return
    walk = _Walk(names)
    walk.through(domain, found[0])
    if walk.lookups > MOST_LOOKUPS:
        said = (
            f"{domain}: more than {MOST_LOOKUPS} DNS questions are needed, so it counts as broken"
        )
        yield problem(WHAT, said, "take out includes of services that no longer send for you")
    if walk.lost:
        said = f"{domain} includes {walk.lost[0]}, which has no SPF record: it counts as broken"
        yield problem(WHAT, said, f"take include:{walk.lost[0]} out")
    if walk.last in ("+all", "all"):
        said = f"{domain} lets everybody send for it"
        yield problem(WHAT, said, f"end the record in ~all: {_line(domain, found[0], '')}")
    elif _allowed(facts, walk, names):
        yield ok(WHAT, f"{domain} lets {facts.relay.host} send")
    else:
        said = f"{domain} does not name {facts.relay.host} among those who send for it"
        yield warning(
            WHAT,
            said,
            f"unless your mail service told you another way: {_line(domain, found[0], wanted)}",
        )


def _wanted(facts: Facts) -> str:
    if facts.service:
        return facts.service
    if facts.relay is None or facts.relay.on_this_machine:
        return "ip4:THE-ADDRESS-OF-THIS-SERVER"
    return f"a:{facts.relay.host}"


def _line(domain: str, record: str, wanted: str) -> str:
    """The record as it should be."""
    words = [word for word in record.split() if word.lower().lstrip("+-~?") != "all"]
    return f'{domain}. TXT "{" ".join([*words, *([wanted] if wanted else []), "~all"])}"'


def _allowed(facts: Facts, walk: _Walk, names: Names) -> bool:
    if facts.service and facts.service.removeprefix("include:") in walk.seen:
        return True
    if facts.relay is None or facts.relay.on_this_machine:
        # Which address we have seen from outside is not known here: somebody was named, at least.
        return bool(walk.networks)
    found = [ipaddress.ip_address(address) for address in names.addresses(facts.relay.host)]
    return any(address in network for address in found for network in walk.networks)


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass
class _Walk:
    """Everything that a record lets pass, includes and redirect followed."""

    names: Names
    networks: list[Network] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    lost: list[str] = field(default_factory=list)
    lookups: int = 0
    last: str = ""

    def through(self, domain: str, record: str, inner: bool = False) -> None:
        self.seen.add(domain)
        for word in record.split()[1:]:
            if self.lookups > MOST_LOOKUPS:
                return
            self._word(domain, word.lower(), inner)

    def _word(self, domain: str, word: str, inner: bool) -> None:
        passes = word[0] not in "-~?"
        plain = word.lstrip("+-~?")
        kind, _colon, value = plain.partition(":")
        kind, _slash, length = kind.partition("/")
        host, _slash, more = value.partition("/")
        length = length or more
        if plain == "all":
            self.last = word if not inner else self.last
        elif plain.startswith("redirect="):
            self._into(plain.partition("=")[2], inner)
        elif kind == "include":
            self._into(value, True)
        elif kind in ("ip4", "ip6") and passes:
            self._network(value)
        elif kind in ("a", "mx", "exists", "ptr"):
            self.lookups += 1
            for each in self._hosts(kind, host or domain) if passes else ():
                for address in self.names.addresses(each):
                    self._network(f"{address}/{length}" if length.isdecimal() else address)

    def _hosts(self, kind: str, host: str) -> list[str]:
        if "%" in host or kind in ("exists", "ptr"):  # what only a real mail decides
            return []
        return [host] if kind == "a" else self.names.mail_hosts(host)[:10]

    def _into(self, domain: str, inner: bool) -> None:
        self.lookups += 1
        if domain in self.seen or "%" in domain:
            return
        found = records(self.names, domain)
        if not found:
            self.lost.append(domain)
            return
        self.through(domain, found[0], inner)

    def _network(self, text: str) -> None:
        try:
            self.networks.append(ipaddress.ip_network(text, strict=False))
        except ValueError:
            return
