"""CloudFront believes us: the signature is the one that AWS publishes for its example."""

from __future__ import annotations

import hashlib

from nightdesk.press.purging.adapters.signing import sign

_EXAMPLE = {
    "key": "AKIDEXAMPLE",
    "secret": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    "region": "us-east-1",
    "service": "service",
}
_HEADERS = {"Host": "example.amazonaws.com", "X-Amz-Date": "20150830T123600Z"}


def test_the_published_example_of_a_get_is_signed_alike():
    signed = sign("GET", "/", _HEADERS, b"", **_EXAMPLE)
    assert signed == (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        "SignedHeaders=host;x-amz-date, "
        "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
    )


def test_the_published_example_of_a_post_is_signed_alike():
    signed = sign("POST", "/", _HEADERS, b"", **_EXAMPLE)
    assert signed.endswith("5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")


def test_the_body_is_signed():
    digest = {"X-Amz-Content-Sha256": hashlib.sha256(b"x").hexdigest()}
    one = sign("POST", "/", _HEADERS | digest, b"x", **_EXAMPLE)
    other = sign("POST", "/", _HEADERS | digest, b"y", **_EXAMPLE)
    assert one != other
