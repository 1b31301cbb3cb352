"""The lines at the head of a mail: names and subjects of any language, addresses of any domain.

Folded where they must be (RFC 5322 §2.2.3), encoded where they must be (RFC 2047); nothing that an
editor typed can begin a line of its own.
"""

from __future__ import annotations

import re
from email.header import Header
from email.utils import quote

from nightdesk.newsletters.addresses import NoAddressError, read

_WIDTH = 76
_CONTROLS = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_PLAIN_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")


def text(name: str, value: str) -> bytes:
    """A header of words, such as the subject."""
    return f"{name}: {_words(name, one_line(value))}\r\n".encode("ascii")


def named(name: str, called: str, inside: str) -> bytes:
    """``From: Olha <olha@news.example>``: somebody's or something's name and, in angle brackets,
    what a machine knows it by."""
    phrase = _phrase(name, one_line(called))
    last = phrase.rpartition("\n")[2] if "\n" in phrase else f"{name}: {phrase}"
    between = " " if len(last) + len(inside) + 3 <= _WIDTH else "\r\n "
    value = f"{phrase}{between}<{inside}>" if phrase else f"<{inside}>"
    return f"{name}: {value}\r\n".encode()


def one_line(value: str) -> str:
    return _CONTROLS.sub(" ", value).strip()


def ascii_address(address: str) -> str:
    """With its domain as mail needs it (IDNA)."""
    try:
        return read(address).ascii
    except NoAddressError:  # such as noreply@127.0.0.1, of a newsroom that was just opened
        return one_line(address).replace(" ", "")


def _phrase(name: str, called: str) -> str:
    if called.isascii() and "=?" not in called and len(called) < 60:
        return called if _PLAIN_PHRASE.fullmatch(called) or not called else f'"{quote(called)}"'
    return _encoded(name, called)


def _words(name: str, value: str) -> str:
    if value.isascii() and "=?" not in value:
        return Header(value, "us-ascii", _WIDTH, name).encode(linesep="\r\n")
    return _encoded(name, value)


def _encoded(name: str, value: str) -> str:
    return Header(value, "utf-8", _WIDTH, name).encode(linesep="\r\n")
