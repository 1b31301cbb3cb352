"""A signature is HMAC-SHA256, whatever the lengths: links in mails that left years ago must hold."""

import hmac

from hypothesis import example, given
from hypothesis import strategies as st

from nightdesk.kernel.mac import Mac


@given(st.binary(max_size=200), st.binary(max_size=200))
@example(b"", b"")
@example(b"k" * 64, b"x")
@example(b"k" * 65, b"x")
def test_it_is_what_the_standard_library_makes(key, said):
    mac = Mac(key)
    assert mac(said) == hmac.digest(key, said, "sha256")
    assert mac(said) == mac(said), "the first use leaves no trace in the second"
