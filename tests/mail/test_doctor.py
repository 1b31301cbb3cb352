"""The doctor says whether others will believe our mail, and the very line to add when not."""

from __future__ import annotations

import http.server
import ssl
import threading
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from nightdesk.bench.newsletters import sink
from nightdesk.bench.newsletters.behaviour import Behaviour
from nightdesk.mail.doctor import believed, spf, ways
from nightdesk.mail.doctor.examine import examine
from nightdesk.mail.doctor.facts import Facts, domains_of, facts_of
from nightdesk.mail.names import Names, NoDNSError
from nightdesk.mail.relay import relay_address
from nightdesk.settings.table import Settings
from tests.ports import free_port

from .certificates import a_certificate
from .nameserver import serving

OWN = Facts(
    domain="news.example",
    bounces="news.example",
    relay=relay_address("smtp://us:secret@relay.news.example"),
    signer=None,
    site="https://news.example",
)
#: A newsroom whose relay is its own, and right in everything.
RIGHT = {
    ("news.example", "TXT"): ['"some-site-verification=1"', '"v=spf1 a:relay.news.example ~all"'],
    ("_dmarc.news.example", "TXT"): ['"v=DMARC1; p=quarantine"'],
    ("news.example", "MX"): ["10 relay.news.example."],
    ("relay.news.example", "A"): ["93.184.216.34"],
    ("34.216.184.93.in-addr.arpa", "PTR"): ["relay.news.example."],
}


def looked(check, zone, facts=OWN):
    with serving(zone) as server:
        return list(check(facts, Names(server.address)))


def only(found):
    [one] = found
    return one


def without(*kinds):
    return {key: records for key, records in RIGHT.items() if key not in kinds}


def pem(key) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


ED25519 = pem(ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
RSA = pem(rsa.generate_private_key(public_exponent=65537, key_size=2048))


def signing(key: str = ED25519) -> Facts:
    table = Settings({"NIGHTDESK_DKIM_SELECTOR": "news2026", "NIGHTDESK_DKIM_KEY": key})
    return replace(OWN, signer=facts_of(table, "news.example").signer)


@pytest.mark.parametrize(
    "check", [spf.check, believed.dmarc, ways.returned_mail, ways.name_of_the_relay]
)
def test_a_newsroom_that_is_right_in_everything_is_told_so(check):
    assert only(looked(check, RIGHT)).level == "ok"


# SPF


def test_a_domain_that_says_nothing_gets_the_line_to_add():
    found = only(looked(spf.check, without(("news.example", "TXT"))))
    assert found.level == "problem"
    assert 'news.example. TXT "v=spf1 a:relay.news.example ~all"' in found.do


def test_a_mail_service_has_its_own_line():
    facts = replace(OWN, relay=relay_address("smtp://a:b@email-smtp.eu-west-1.amazonaws.com"))
    assert "include:amazonses.com ~all" in only(looked(spf.check, {}, facts)).do
    zone = {
        ("news.example", "TXT"): ['"v=spf1 include:_spf.host.example include:amazonses.com -all"'],
        ("_spf.host.example", "TXT"): ['"v=spf1 ip4:192.0.2.0/24 -all"'],
        ("amazonses.com", "TXT"): ['"v=spf1 ip4:199.255.192.0/22 -all"'],
    }
    assert only(looked(spf.check, zone, facts)).level == "ok"
    zone["news.example", "TXT"] = ['"v=spf1 include:_spf.host.example -all"']
    found = only(looked(spf.check, zone, facts))
    assert found.level == "warning"
    assert '"v=spf1 include:_spf.host.example include:amazonses.com ~all"' in found.do


@pytest.mark.parametrize(
    "record",
    [
        "v=spf1 ip4:93.184.216.34 -all",
        "v=spf1 ip4:93.184.216.0/24 ~all",
        "V=SPF1 mx -all",
        "v=spf1 a:relay.news.example/24 -all",
        "v=spf1 redirect=_spf.news.example",
        "v=spf1 include:_spf.news.example ?all",
    ],
)
def test_our_relay_is_found_wherever_a_record_names_it(record):
    zone = {
        **RIGHT,
        ("news.example", "TXT"): [f'"{record}"'],
        ("_spf.news.example", "TXT"): ['"v=spf1 ip4:93.184.216.34 -all"'],
    }
    assert only(looked(spf.check, zone)).level == "ok"


@pytest.mark.parametrize(
    ("records", "said"),
    [
        (['"v=spf1 +all"'], "lets everybody send"),
        (['"v=spf1 mx ~all"', '"v=spf1 a ~all"'], "2 SPF records"),
        (['"v=spf1 ip4:192.0.2.1 ~all"'], "does not name relay.news.example"),
        (['"v=spf1 -ip4:93.184.216.34 ~all"'], "does not name relay.news.example"),
        (['"v=spf1 mx include:gone.example ~all"'], "gone.example, which has no SPF"),
        (['"v=spf1 ' + " ".join(f"a:h{n}.example" for n in range(12)) + ' mx ~all"'], "counts as broken"),
        (['"v=spf1 include:news.example mx ~all"'], "lets relay.news.example send"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_record_is_said(records, said):
    found = looked(spf.check, {**RIGHT, ("news.example", "TXT"): records})
    assert any(said in one.is_so for one in found), found


def test_a_record_that_was_cut_into_pieces_is_one():
    zone = {**RIGHT, ("news.example", "TXT"): ['"v=spf1 ip4:93.184." "216.34 ~all"']}
    assert only(looked(spf.check, zone)).level == "ok"


# DKIM


@pytest.mark.parametrize("key", [ED25519, RSA])
def test_our_key_is_asked_for_and_compared(key):
    facts = signing(key)
    missing = only(looked(believed.dkim, RIGHT, facts))
    assert missing.level == "problem"
    line = missing.do.removeprefix("add to DNS: ")
    name, _txt, record = line.partition(". TXT ")
    assert name == "news2026._domainkey.news.example"
    assert all(len(piece) <= 255 for piece in record.split('"'))
    there = looked(believed.dkim, {**RIGHT, (name, "TXT"): [record]}, facts)
    assert only(there).level == "ok"


@pytest.mark.parametrize(
    ("record", "said"),
    [("v=DKIM1; k=ed25519; p=", "revoked"), ("v=DKIM1; k=ed25519; p=AAAA", "not ours")],
)
def test_another_key_or_a_revoked_one_is_seen(record, said):
    zone = {("news2026._domainkey.news.example", "TXT"): [f'"{record}"']}
    found = only(looked(believed.dkim, zone, signing()))
    assert found.level == "problem" and said in found.is_so


def test_who_does_not_sign_is_asked_whether_the_relay_does():
    assert only(looked(believed.dkim, RIGHT)).level == "warning"
    service = replace(OWN, relay=relay_address("smtp://a:b@smtp.postmarkapp.com"))
    assert only(looked(believed.dkim, RIGHT, service)).level == "ok"


# DMARC


def test_a_domain_without_a_policy_gets_the_line_to_add():
    found = only(looked(believed.dmarc, without(("_dmarc.news.example", "TXT"))))
    assert found.level == "problem"
    assert '_dmarc.news.example. TXT "v=DMARC1; p=none; rua=mailto:dmarc@news.example"' in found.do


def test_the_policy_of_the_domain_above_counts_too():
    zone = {("_dmarc.news.example", "TXT"): ['"v=DMARC1; p=reject; sp=none"']}
    below = replace(OWN, domain="mail.news.example", bounces="mail.news.example")
    assert "p=none" in only(looked(believed.dmarc, zone, below)).is_so
    assert "p=reject" in only(looked(believed.dmarc, zone)).is_so


def test_a_whole_top_levels_policy_is_not_ours():
    zone = {("_dmarc.example", "TXT"): ['"v=DMARC1; p=reject"']}
    assert only(looked(believed.dmarc, zone)).level == "problem"


@pytest.mark.parametrize(
    ("record", "bounces", "signs", "level"),
    [
        ("v=DMARC1; p=none", "news.example", False, "ok"),
        ("v=DMARC1; p=none", "bounces.news.example", False, "ok"),
        ("v=DMARC1; p=reject; aspf=s", "bounces.news.example", False, "problem"),
        ("v=DMARC1; p=reject; aspf=s", "bounces.news.example", True, "ok"),
        ("v=DMARC1; p=none", "returned.service.example", False, "problem"),
        ("v=DMARC1; p=none", "returned.service.example", True, "ok"),
        ("v=DMARC1; p=sometimes", "news.example", True, "problem"),
    ],
)
def test_sender_or_signature_must_be_of_the_domain_that_readers_see(record, bounces, signs, level):
    zone = {("_dmarc.news.example", "TXT"): [f'"{record}"']}
    facts = replace(signing() if signs else OWN, bounces=bounces)
    assert only(looked(believed.dmarc, zone, facts)).level == level


# The ways


def test_the_domain_of_returned_mail_must_take_mail():
    apart = replace(OWN, bounces="bounces.news.example")
    found = only(looked(ways.returned_mail, RIGHT, apart))
    assert found.level == "problem" and "bounces.news.example. MX 10" in found.do
    zone = {**RIGHT, ("bounces.news.example", "MX"): ["10 relay.news.example."]}
    assert only(looked(ways.returned_mail, zone, apart)).level == "ok"
    nothing = {("news.example", "MX"): ["0 ."]}
    assert only(looked(ways.returned_mail, nothing)).level == "problem"
    assert only(looked(ways.returned_mail, {})).level == "warning"


@pytest.mark.parametrize(
    ("zone", "level", "said"),
    [
        (without(("34.216.184.93.in-addr.arpa", "PTR")), "problem", "has no name"),
        ({**RIGHT, ("34.216.184.93.in-addr.arpa", "PTR"): ["host34.provider.example."]}, "problem", "does not lead back"),
        ({("relay.news.example", "A"): ["192.168.1.7"]}, "warning", "inside address"),
        ({}, "problem", "no address"),
    ],
)  # fmt: skip
def test_the_relays_name_must_lead_there_and_back(zone, level, said):
    found = only(looked(ways.name_of_the_relay, zone))
    assert found.level == level and said in found.is_so
    if "host34" in str(found):
        assert "host34.provider.example. A 93.184.216.34" in found.do


def test_the_relay_is_reached_and_its_encryption_said(tmp_path):
    cert, key = a_certificate(tmp_path, "127.0.0.1")
    for behaviour, scheme, said in (
        (Behaviour(), "smtp", "unencrypted, on this machine"),
        (Behaviour(cert=cert, key=key), "smtp", "encrypted (TLSv1.3)"),
        (Behaviour(cert=cert, key=key, tls_from_the_start=True), "smtps", "encrypted (TLSv1.3)"),
    ):
        with sink.running(behaviour) as relay:
            address = relay_address(f"{scheme}://127.0.0.1:{relay.port}")
            found = only(ways.encryption(replace(OWN, relay=address)))
        assert found.level == "ok" and said in found.is_so, found
    nobody = replace(OWN, relay=relay_address(f"smtp://127.0.0.1:{free_port()}"))
    assert only(ways.encryption(nobody)).level == "problem"


def test_a_certificate_that_nobody_trusts_is_a_problem(tmp_path, monkeypatch):
    cert, key = a_certificate(tmp_path, "elsewhere.example")
    monkeypatch.setattr(ways, "tls_context", lambda relay: ssl.create_default_context())
    with sink.running(Behaviour(cert=cert, key=key)) as relay:
        address = relay_address(f"smtp://127.0.0.1:{relay.port}")
        found = only(ways.encryption(replace(OWN, relay=address)))
    assert found.level == "problem" and "not to be trusted" in found.is_so


class _Fine(http.server.BaseHTTPRequestHandler):
    status = 200

    def do_GET(self):
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        pass


class _Broken(_Fine):
    status = 503


@pytest.mark.parametrize(("handler", "level"), [(_Fine, "ok"), (_Broken, "problem")])
def test_the_address_to_unsubscribe_at_is_reached_over_https(tmp_path, monkeypatch, handler, level):
    cert, key = a_certificate(tmp_path, "127.0.0.1")
    server = http.server.HTTPServer(("127.0.0.1", 0), handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("SSL_CERT_FILE", cert)
    try:
        site = replace(OWN, site=f"https://127.0.0.1:{server.server_port}")
        assert only(ways.unsubscribing(site)).level == level
        monkeypatch.delenv("SSL_CERT_FILE")
        assert only(ways.unsubscribing(site)).level == "warning", "not reached from here"
    finally:
        server.shutdown()
        server.server_close()
    assert only(ways.unsubscribing(replace(OWN, site="http://news.example"))).level == "problem"


# All together


def test_without_dns_the_doctor_says_so_and_looks_at_the_rest(monkeypatch):
    monkeypatch.setattr("nightdesk.mail.names.PATIENCE", 0.5)
    dead = f"127.0.0.1:{free_port()}"
    with sink.running() as relay:
        address = relay_address(f"smtp://127.0.0.1:{relay.port}")
        facts = replace(OWN, relay=address, site="http://news.example")
        found = list(examine([facts], dead))
    assert [one.what for one in found] == ["relay", "DNS", "unsubscribe"]
    assert found[1].level == "warning" and "no name server answers" in found[1].is_so
    with pytest.raises(NoDNSError):
        Names(dead).texts("news.example")


def test_a_newsroom_without_a_relay_is_asked_nothing():
    found = only(examine([replace(OWN, relay=None)], "127.0.0.1:9"))
    assert (found.level, found.what) == ("ok", "relay")


@pytest.mark.django_db
def test_the_domains_are_those_that_mail_comes_from():
    assert domains_of(Settings({"NIGHTDESK_MAIL_FROM": "us@Post.Example"})) == ["post.example"]
    assert domains_of(Settings({"NIGHTDESK_URL": "https://news.example"})) == ["news.example"]
    table = Settings({"NIGHTDESK_MAIL_BOUNCES": "bounces.news.example"})
    assert facts_of(table, "news.example").bounces_apart
