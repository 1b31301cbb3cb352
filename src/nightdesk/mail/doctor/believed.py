"""DKIM and DMARC: is our signature's key there, and what shall receivers do without one?"""

from __future__ import annotations

from collections.abc import Iterator

from nightdesk.kernel.finding import Finding, ok, problem, warning
from nightdesk.mail.doctor.facts import Facts
from nightdesk.mail.names import Names

POLICIES = ("none", "quarantine", "reject")


def tags(record: str) -> dict[str, str]:
    """``v=DKIM1; k=rsa; p=…`` → its tags; values without blanks."""
    found = {}
    for part in record.split(";"):
        name, equals, value = part.partition("=")
        if equals:
            found[name.strip().lower()] = "".join(value.split())
    return found


def _in_pieces(record: str) -> str:
    """As a zone file wants it: no piece of a TXT record has more than 255 characters."""
    return " ".join(f'"{record[at : at + 255]}"' for at in range(0, len(record), 255))


def dkim(facts: Facts, names: Names) -> Iterator[Finding]:
    what = "DKIM"
    if facts.relay is None:
        return
    if facts.signer is None:
        if facts.service:
            yield ok(what, f"signed by your mail service, once it has checked {facts.domain}")
            return
        yield warning(
            what,
            "mail is not signed here; unless the relay signs it, large receivers refuse it",
            "see what the relay does, or set NIGHTDESK_DKIM_SELECTOR and NIGHTDESK_DKIM_KEY",
        )
        return
    name = f"{facts.signer.selector}._domainkey.{facts.signer.domain}"
    wanted = facts.signer.key.dns_record
    do = f"add to DNS: {name}. TXT {_in_pieces(wanted)}"
    if facts.signer.key.weakness:
        yield warning(what, facts.signer.key.weakness.rstrip("."), "see docs/operate/mail.md")
    found = [tags(text) for text in names.texts(name)]
    found = [each for each in found if "p" in each]
    if not found:
        yield problem(what, f"nobody can check our signature: there is no key at {name}", do)
    elif len(found) > 1:
        yield problem(
            what, f"there are {len(found)} keys at {name}; which one counts is chance", do
        )
    elif not found[0]["p"]:
        yield problem(
            what, f"the key at {name} was revoked", "sign with a key under a new selector"
        )
    elif found[0]["p"] != tags(wanted)["p"]:
        yield problem(what, f"the key at {name} is not ours: our signature counts as forged", do)
    else:
        yield ok(what, f"the key at {name} is ours")


def dmarc(facts: Facts, names: Names) -> Iterator[Finding]:
    what = "DMARC"
    if facts.relay is None:
        return
    place, record = _policy(facts.domain, names)
    if not place:
        yield problem(
            what,
            f"{facts.domain} has no policy; large receivers want one of whoever sends much",
            f'add to DNS: _dmarc.{facts.domain}. TXT "v=DMARC1; p=none; '
            f'rua=mailto:dmarc@{facts.domain}"',
        )
        return
    said = tags(record)
    policy = said.get("p", "").lower()
    if place != facts.domain and said.get("sp"):
        policy = said["sp"].lower()
    if policy not in POLICIES:
        yield problem(
            what,
            f"the policy at _dmarc.{place} cannot be understood ({record})",
            f'let it be: _dmarc.{place}. TXT "v=DMARC1; p=none"',
        )
        return
    yield from _alignment(facts, said, policy)


def _policy(domain: str, names: Names) -> tuple[str, str]:
    """Where the policy stands that counts for the domain, and the policy; empty for none. Upwards
    to the first, but never a whole top level's."""
    labels = domain.split(".")
    for at in range(max(1, len(labels) - 1)):
        place = ".".join(labels[at:])
        found = [t for t in names.texts(f"_dmarc.{place}") if t.lower().startswith("v=dmarc1")]
        if found:
            return place, found[0]
    return "", ""


def _alignment(facts: Facts, said: dict[str, str], policy: str) -> Iterator[Finding]:
    """One of the two must be of the From's domain: the domain of the envelope, or the signature's."""
    what = "DMARC"
    by_envelope = _same(facts.domain, facts.bounces, strict=said.get("aspf", "r") == "s")
    signed = facts.signer.domain if facts.signer else ""
    by_signature = bool(signed) and _same(
        facts.domain, signed, strict=said.get("adkim", "r") == "s"
    )
    if by_signature or by_envelope:
        how = "signature" if by_signature else "sender"
        yield ok(what, f"p={policy}, and our {how} is of {facts.domain}")
    else:
        yield problem(
            what,
            f"p={policy}, and neither our signature nor {facts.bounces} is of {facts.domain}",
            f"set NIGHTDESK_MAIL_BOUNCES to a name below {facts.domain}, or sign for it (DKIM)",
        )


def _same(domain: str, other: str, *, strict: bool) -> bool:
    if strict:
        return domain == other
    return domain == other or domain.endswith(f".{other}") or other.endswith(f".{domain}")
