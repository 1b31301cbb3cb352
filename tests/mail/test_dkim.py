"""Mail is signed so that receivers believe it, and no longer when it was changed on the way.

dkimpy, which has nothing to do with our code, is the receiver.
"""

from __future__ import annotations

import hashlib
import random
import subprocess

import dkim as receiver
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from nightdesk.mail.dkim import BodyTemplate, Signer, key_from, relaxed_body, signer_for
from nightdesk.settings.table import SettingError, Settings


def pem(private, protection=None) -> str:
    lock = protection or NoEncryption()
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock).decode()


KEYS = {
    "Ed25519": pem(ed25519.Ed25519PrivateKey.generate()),
    "RSA": pem(rsa.generate_private_key(65537, 2048)),
}
MESSAGE = (
    b"From: The Test Post <news@news.example>\r\n"
    b"To: reader@post.example\r\n"
    b"Subject: =?utf-8?q?Morning?=\r\n  and\tevening  \r\n"
    b"Date: Sat, 28 Nov 2026 06:00:00 +0000\r\n"
    b"Message-ID: <abc@news.example>\r\n"
    b"MIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
    b"Reply-To: desk@news.example\r\n"
    b"List-Id: <morning.news.example>\r\n"
    b"List-Unsubscribe: <https://news.example/u/t0ken>,\r\n <mailto:u@news.example>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    b"Feedback-ID: 12:morning:news\r\n"
    b"X-Other: not signed\r\n"
    b"\r\n"
    b"Good  morning.\t\r\n\r\n .dot \r\n\r\n\r\n"
)


@pytest.fixture(params=KEYS)
def signer(request):
    return Signer(key_from(KEYS[request.param]), "news.example", "news2026")


def believed(signer: Signer, message: bytes) -> bool:
    asked = []

    def dns(name, timeout=5):
        asked.append(name)
        return signer.key.dns_record.encode()

    result = receiver.verify(message, dnsfunc=dns)
    assert asked == [b"news2026._domainkey.news.example."]
    return bool(result)


def test_a_receiver_believes_what_was_signed(signer):
    assert believed(signer, signer.sign(MESSAGE))


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b"Good", b"Bad"),
        (b"Good  morning", b"Good morning\r\n"),
        (b"news@news.example>\r\nTo", b"fake@news.example>\r\nTo"),
        (b"Morning", b"Evening"),
        (b"/u/t0ken", b"/u/another"),
        (b"=One-Click", b"=No"),
        (b"<abc@", b"<abd@"),
        (b"desk@", b"desc@"),
        (b"<morning.", b"<evening."),
        (b"12:morning", b"13:morning"),
        (b"utf-8\r\nReply", b"utf-7\r\nReply"),
        (b"From: ", b"From: Somebody Else <else@evil.example>\r\nFrom: "),
        (b"Subject: ", b"Subject: Win!\r\nSubject: "),
        (b"To: ", b"To: many@post.example\r\nTo: "),
        (b"t=17", b"t=16"),
    ],
)
def test_a_receiver_does_not_believe_what_was_changed_on_the_way(signer, was, becomes):
    signed = signer.sign(MESSAGE, now=1_795_830_834)
    assert signed.count(was) >= 1
    assert not believed(signer, signed.replace(was, becomes, 1))


def test_what_relays_may_do_to_a_message_does_not_break_it(signer):
    """Fold a header anew, change blanks, drop empty lines at the end, add headers on top."""
    changed = (
        signer.sign(MESSAGE)
        .replace(b"<https://news.example/u/t0ken>,\r\n ", b"<https://news.example/u/t0ken>, ")
        .replace(b"Good  morning.\t", b"Good morning.")
        .replace(b"X-Other: not signed", b"X-Other: changed")
        .removesuffix(b"\r\n\r\n")
    )
    assert believed(signer, b"Received: from a by b; today\r\n" + changed)


def test_the_signature_itself_can_be_mailed(signer):
    header = signer.sign(MESSAGE)[: -len(MESSAGE)]
    assert header.endswith(b"\r\n")
    assert all(len(line) <= 78 for line in header.split(b"\r\n"))
    assert all(line[:1] == b" " for line in header.split(b"\r\n")[1:-1])


def test_both_unsubscribe_headers_are_covered_and_some_named_twice(signer):
    header = signer.sign(MESSAGE)[: -len(MESSAGE)]
    names = b"".join(header.split(b"h=")[1].split(b";")[0].split()).split(b":")
    assert {b"list-unsubscribe", b"list-unsubscribe-post", b"list-id", b"feedback-id"} <= set(names)
    assert b"x-other" not in names
    assert [name for name in names if names.count(name) == 2] == [
        *[b"from"] * 2,
        *[b"to"] * 2,
        *[b"subject"] * 2,
    ]


def test_an_edition_is_signed_for_each_recipient(signer):
    """The body around the holes is prepared once."""
    body = MESSAGE.split(b"\r\n\r\n", 1)[1]
    pieces = [body + b"Stop: https://news.example/", b"/x  y \r\n", b" \r\n\r\n"]
    template = BodyTemplate(pieces)
    lines = MESSAGE.split(b"\r\n\r\n", 1)[0].split(b"\r\n")
    headers = [tuple(line.split(b":", 1)) for line in lines if line[:1] not in b" \t"]
    head = b"".join(b"%b:%b\r\n" % pair for pair in headers)
    for values in ([b"one", b"Anna Koval"], [b"two", b"=20"]):
        content = pieces[0] + values[0] + pieces[1] + values[1] + pieces[2]
        signature = signer.header(headers, template.digest(values))
        assert believed(signer, signature + head + b"\r\n" + content)
        assert not believed(signer, signature + head + b"\r\n" + content.replace(values[0], b"x"))


def test_a_template_hashes_what_the_whole_body_hashes():
    chance = random.Random(5)
    for _ in range(300):
        pieces = [
            b"".join(
                chance.choices([b"a", b" ", b"\t", b"\r\n", b"=", b"."], k=chance.randrange(9))
            )
            for _ in range(chance.randrange(1, 5))
        ]
        values = [chance.choice([b"v", b"a b", b"=3D"]) for _ in pieces[1:]]
        whole = pieces[0] + b"".join(
            value + piece for value, piece in zip(values, pieces[1:], strict=True)
        )
        digest = BodyTemplate(pieces).digest(values)
        assert digest == hashlib.sha256(relaxed_body(whole)).digest()
        theirs = receiver.canonicalization.Relaxed.canonicalize_body(whole + b"\r\n")
        assert relaxed_body(whole) == theirs


@pytest.mark.parametrize(
    "body", [b"", b"\r\n", b" \r\n\r\n", b"\t\r\n", b"a", b"a \r\n \r\n", b" a\r\n"]
)
def test_the_ends_of_a_body_are_made_canonical_as_the_standard_says(body):
    signer = Signer(key_from(KEYS["Ed25519"]), "news.example", "news2026")
    message = MESSAGE.split(b"\r\n\r\n")[0] + b"\r\n\r\n" + body
    assert believed(signer, signer.sign(message))


def test_a_message_without_sender_cannot_be_signed(signer):
    with pytest.raises(ValueError, match="without From"):
        signer.sign(b"Subject: x\r\n\r\nx\r\n")


def test_a_domain_beyond_ascii_is_written_as_dns_has_it():
    signer = Signer(key_from(KEYS["Ed25519"]), "пошта.укр", "s")
    assert signer.domain == "xn--80a1acn3a.xn--j1amh"


def settings(tmp_path, **values) -> Settings:
    return Settings({"NIGHTDESK_DATA": str(tmp_path), **values})


def test_without_a_key_mail_is_not_signed_here(tmp_path):
    assert signer_for(settings(tmp_path), "news.example") is None


def test_key_and_selector_go_together(tmp_path):
    with pytest.raises(SettingError, match="NIGHTDESK_DKIM_KEY is not"):
        signer_for(settings(tmp_path, NIGHTDESK_DKIM_SELECTOR="s"), "news.example")
    with pytest.raises(SettingError, match="NIGHTDESK_DKIM_SELECTOR is not"):
        signer_for(settings(tmp_path, NIGHTDESK_DKIM_KEY=KEYS["RSA"]), "news.example")


@pytest.mark.parametrize("name", KEYS)
def test_a_key_is_read_from_the_settings_also_from_one_line(tmp_path, name):
    one_line = KEYS[name].replace("\n", "\\n")
    signer = signer_for(
        settings(tmp_path, NIGHTDESK_DKIM_SELECTOR="news2026", NIGHTDESK_DKIM_KEY=one_line),
        "news.example",
    )
    assert believed(signer, signer.sign(MESSAGE))
    assert signer.key.weakness == ""


def test_a_short_rsa_key_is_named_and_a_shorter_one_refused(tmp_path):
    weak = key_from(pem(rsa.generate_private_key(65537, 1024)))
    assert weak.weakness.startswith("NIGHTDESK_DKIM_KEY has 1024 bits.")
    made = subprocess.run(["openssl", "genrsa", "768"], capture_output=True, text=True, check=True)
    with pytest.raises(SettingError) as refused:
        key_from(made.stdout)
    assert "BEGIN" not in str(refused.value)
    assert "768 bits" in str(refused.value)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("nonsense", "expected a private key"),
        (
            pem(rsa.generate_private_key(65537, 2048), BestAvailableEncryption(b"x")),
            "locked by a passphrase",
        ),
        (pem(ec.generate_private_key(ec.SECP256R1())), "expected RSA or Ed25519"),
    ],
    ids=["nonsense", "locked", "another kind"],
)
def test_a_key_that_cannot_sign_is_refused_in_plain_words(key, words):
    with pytest.raises(SettingError) as refused:
        key_from(key)
    assert words in str(refused.value)
    assert "BEGIN" not in str(refused.value)
