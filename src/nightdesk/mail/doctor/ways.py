"""The ways of mail: the relay and its name, returned mail, and the address to unsubscribe at."""

from __future__ import annotations

import ipaddress
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from urllib.parse import urlsplit

from nightdesk.kernel.finding import Finding, ok, problem, warning
from nightdesk.mail.adapters.smtp.opening import tls_context
from nightdesk.mail.doctor.facts import Facts
from nightdesk.mail.names import Names
from nightdesk.mail.relay import TLS

#: Seconds for the relay, and for our own site, to answer.
PATIENCE = 10.0


def name_of_the_relay(facts: Facts, names: Names) -> Iterator[Finding]:
    """PTR: the address must have a name that leads back to it. A mail service sees to its own."""
    what = "PTR"
    if facts.relay is None:
        return
    if facts.service:
        yield ok(what, "your mail service sends from its own servers")
        return
    if facts.relay.on_this_machine:
        yield warning(
            what,
            "the relay is on this machine, and its address as others see it is not known here",
            "see that its name (PTR) leads back to it: dig -x ADDRESS",
        )
        return
    addresses = names.addresses(facts.relay.host)
    if not addresses:
        yield problem(what, f"{facts.relay.host} has no address", "correct NIGHTDESK_MAIL")
    for address in addresses:
        yield from _leads_back(address, names)


def _leads_back(address: str, names: Names) -> Iterator[Finding]:
    what = "PTR"
    if not ipaddress.ip_address(address).is_global:
        yield warning(
            what,
            f"{address} is an inside address; what others see of it is not known here",
            "see that the name (PTR) of the address it sends from leads back to it",
        )
        return
    found = names.names_of(address)
    if not found:
        do = f"ask whoever gave you the address: {_reverse(address)}. PTR a name that leads to it"
        yield problem(what, f"{address} has no name; large receivers refuse mail from it", do)
    elif not any(address in names.addresses(name) for name in found):
        kind = "AAAA" if ":" in address else "A"
        yield problem(
            what,
            f"{address} is called {found[0]}, which does not lead back to it",
            f"add to DNS: {found[0]}. {kind} {address}",
        )
    else:
        yield ok(what, f"{address} is called {found[0]}, and back")


def _reverse(address: str) -> str:
    return ipaddress.ip_address(address).reverse_pointer


def returned_mail(facts: Facts, names: Names) -> Iterator[Finding]:
    """Where answers and returned mail go must take mail, or the sender is not believed."""
    what = "MX"
    if facts.relay is None:
        return
    hosts = names.mail_hosts(facts.bounces)
    if hosts == ["."]:
        said = f"{facts.bounces} says that it takes no mail, and we send in its name"
        yield problem(what, said, f"let {facts.bounces} have an MX record that takes mail")
    elif hosts:
        yield ok(what, f"mail to {facts.bounces} goes to {hosts[0]}")
    elif facts.bounces_apart:
        yield problem(
            what,
            f"returned mail goes to {facts.bounces}, which takes none",
            f"add to DNS: {facts.bounces}. MX 10 the name of the server that takes it",
        )
    else:
        yield warning(
            what,
            f"{facts.bounces} takes no mail: answers of readers and returned mail are lost",
            f"add to DNS: {facts.bounces}. MX 10 the name of the server that takes it, or set "
            "NIGHTDESK_MAIL_BOUNCES",
        )


def encryption(facts: Facts) -> Iterator[Finding]:
    """Reach the relay as mail does, without signing in or sending anything."""
    what = "relay"
    relay = facts.relay
    if relay is None:
        yield ok(what, "none: each mail becomes a file in the folder mail")
        return
    context = tls_context(relay)
    try:
        if relay.tls is TLS.FROM_THE_START:
            with smtplib.SMTP_SSL(
                relay.host, relay.port, timeout=PATIENCE, context=context
            ) as line:
                yield ok(what, f"{relay} answers, encrypted ({_version(line)})")
            return
        with smtplib.SMTP(relay.host, relay.port, timeout=PATIENCE) as line:
            line.ehlo()
            if line.has_extn("starttls"):
                line.starttls(context=context)
                yield ok(what, f"{relay} answers, encrypted ({_version(line)})")
            elif relay.on_this_machine:
                yield ok(what, f"{relay} answers; unencrypted, on this machine")
            else:
                yield problem(
                    what,
                    f"{relay} answers and offers no encryption: everybody on the way can read",
                    "let it offer STARTTLS, or write smtps:// if it speaks TLS from the start",
                )
    except ssl.SSLCertVerificationError as error:
        said = f"the certificate of {relay} is not to be trusted ({error.verify_message})"
        yield problem(what, said, "NIGHTDESK_MAIL must give the name that its certificate has")
    except ssl.SSLError as error:
        do = "see whether it is smtp:// (STARTTLS) or smtps:// (TLS from the start)"
        yield problem(what, f"no encryption with {relay} ({error.reason or error})", do)
    except (OSError, smtplib.SMTPException) as error:
        said = " ".join(str(error).split()) or type(error).__name__
        yield problem(
            what, f"{relay} cannot be reached ({said})", "see NIGHTDESK_MAIL and firewalls"
        )


def _version(line: smtplib.SMTP) -> str:
    return (line.sock.version() if isinstance(line.sock, ssl.SSLSocket) else "") or "TLS"


def unsubscribing(facts: Facts) -> Iterator[Finding]:
    """One click in the mail program is a request to us (RFC 8058): over HTTPS, from anywhere."""
    what = "unsubscribe"
    if facts.relay is None:
        return
    parts = urlsplit(facts.site)
    if parts.scheme != "https":
        yield problem(
            what,
            f"{facts.site} is not https, so mail programs show no button to unsubscribe",
            "set NIGHTDESK_URL to the public https address; see docs/operate/tls.md",
        )
        return
    try:
        with urllib.request.urlopen(f"{facts.site}/healthz", timeout=PATIENCE) as answer:
            answer.read(1)
    except urllib.error.HTTPError as error:
        if error.code >= 500:
            do = "see nightdesk doctor"
            yield problem(what, f"{facts.site} answers with an error ({error.code})", do)
            return
    except (OSError, ValueError) as error:
        said = " ".join(str(getattr(error, "reason", error)).split())
        yield warning(
            what,
            f"{facts.site} cannot be reached from here ({said})",
            "open it from elsewhere: the button to unsubscribe leads there",
        )
        return
    yield ok(what, f"{facts.site} is reached over HTTPS")
