"""What the doctor is told of this newsroom."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from nightdesk.mail.dkim import Signer, signer_for
from nightdesk.mail.relay import RelayAddress, chosen_relay
from nightdesk.settings.table import Settings

#: What a mail service wants to stand in a domain's SPF, by the end of its relay's name. From the
#: services' own instructions, November 2026; the doctor says so only as a hint.
SPF_OF_SERVICES = {
    "amazonaws.com": "include:amazonses.com",
    "brevo.com": "include:spf.brevo.com",
    "sendinblue.com": "include:spf.brevo.com",
    "mailersend.net": "include:_spf.mailersend.net",
    "mailgun.org": "include:mailgun.org",
    "mailjet.com": "include:spf.mailjet.com",
    "mandrillapp.com": "include:spf.mandrillapp.com",
    "postmarkapp.com": "include:spf.mtasv.net",
    "resend.com": "include:amazonses.com",
    "scaleway.com": "include:_spf.tem.scaleway.com",
    "sparkpostmail.com": "include:sparkpostmail.com",
}

_more: list[Callable[[], Iterable[str]]] = []


def also_from(domains: Callable[[], Iterable[str]]) -> None:
    """For a room whose mail has From addresses at further domains."""
    _more.append(domains)


@dataclass(frozen=True)
class Facts:
    """``domain``: of the From address; ``bounces``: to which returned mail goes (the envelope's),
    the same when none is set."""

    domain: str
    bounces: str
    relay: RelayAddress | None
    signer: Signer | None
    site: str

    @property
    def bounces_apart(self) -> bool:
        return self.bounces != self.domain

    @property
    def service(self) -> str:
        """What its mail service wants in SPF; empty for a relay that is no service we know."""
        host = self.relay.host.lower() if self.relay else ""
        for ending, wanted in SPF_OF_SERVICES.items():
            if host == ending or host.endswith(f".{ending}"):
                return wanted
        return ""


def facts_of(settings: Settings, domain: str) -> Facts:
    """Raises ``SettingError``."""
    return Facts(
        domain=domain,
        bounces=_ascii(settings["NIGHTDESK_MAIL_BOUNCES"]) or domain,
        relay=chosen_relay(settings),
        signer=signer_for(settings, domain),
        site=settings.public_url,
    )


def domains_of(settings: Settings) -> list[str]:
    """Of every From address this newsroom's mail may have, its own first."""
    own = str(settings["NIGHTDESK_MAIL_FROM"]).rpartition("@")[2]
    own = own or urlsplit(settings.public_url).hostname or ""
    further = (domain for room in _more for domain in room())
    return list(dict.fromkeys(_ascii(domain) for domain in (own, *further) if domain))


def _ascii(domain: str) -> str:
    domain = domain.strip().rstrip(".").lower()
    return domain if domain.isascii() else domain.encode("idna").decode("ascii")
