"""A sign-up for a domain that takes no mail gets none; a broken name server loses no reader."""

from __future__ import annotations

import dns.resolver
import pytest

from nightdesk.newsletters.signup import domains
from tests.mail.nameserver import serving

INTERNET = {
    ("org", "NS"): ["a0.nic.org."],
    ("news.org", "MX"): ["10 mail.news.org."],
    ("host.org", "A"): ["192.0.2.7"],
    ("silent.org", "MX"): ["0 ."],
    ("empty.org", "TXT"): ['"nothing else"'],
}


@pytest.fixture(autouse=True)
def afresh(monkeypatch, settings):
    monkeypatch.setattr(domains, "_known", {})
    monkeypatch.setattr(domains, "_rest_until", 0.0)
    settings.NIGHTDESK = {"NIGHTDESK_MAIL": "smtp://relay.example"}


@pytest.fixture
def ask(monkeypatch):
    """Ask a name server that is here, and knows this."""

    def with_zone(zone):
        server = serving(zone)
        found = server.__enter__()
        host, _, port = found.address.partition(":")
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = [host], int(port)
        monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
        servers.append(server)
        return domains.takes_mail

    servers: list = []
    yield with_zone
    for server in servers:
        server.__exit__(None, None, None)


@pytest.mark.parametrize(
    ("domain", "takes"),
    [
        ("news.org", True),
        ("host.org", True),
        ("silent.org", False),
        ("typo.org", False),
    ],
)
def test_the_domains_own_name_server_says_whether_it_takes_mail(ask, domain, takes):
    assert ask(INTERNET)(domain) is takes


def test_a_name_server_that_knows_nothing_at_all_is_not_believed(ask):
    takes_mail = ask({})
    assert takes_mail("news.org")
    # It rests: the next reader does not wait for it either.
    assert takes_mail("typo.org")
    assert domains._rest_until > 0
