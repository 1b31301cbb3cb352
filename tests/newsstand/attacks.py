"""Requests that two readers of HTTP could read in two ways, and what becomes of them.

A front server and a back server that disagree about where a request ends, or whom it is for, are
how caches are poisoned and doors are walked around (request smuggling). ``ATTACKS`` are refused or
dropped, whatever address they name; ``ONE_WAY`` are odd and honest: they get exactly one answer.
Each is the bytes of one connection for an address, made by ``at(address)``.
"""

from __future__ import annotations

from dataclasses import dataclass

HEAD = b"Host: a\r\nConnection: close\r\n"


@dataclass(frozen=True)
class Request:
    """``statuses``: what may be answered; 0 is a connection closed without a word."""

    name: str
    sent: bytes
    statuses: tuple[int, ...] = (400,)

    def at(self, address: bytes = b"/echo", host: bytes = b"a") -> bytes:
        return self.sent.replace(b"{at}", address).replace(b"Host: a\r\n", b"Host: %s\r\n" % host)

    def __str__(self) -> str:
        return self.name


def _with(headers: bytes, body: bytes = b"", method: bytes = b"GET") -> bytes:
    return method + b" {at} HTTP/1.1\r\n" + HEAD + headers + b"\r\n" + body


def _post(headers: bytes, body: bytes = b"") -> bytes:
    return _with(headers, body, b"POST")


_LENGTH = b"Content-Length: 3\r\n"
_CHUNKED = b"Transfer-Encoding: chunked\r\n"

ATTACKS = (
    # Where does the body end?
    Request("length and coding", _post(b"Content-Length: 5\r\n" + _CHUNKED, b"0\r\n\r\n")),
    Request("coding and length", _post(_CHUNKED + b"Content-Length: 5\r\n", b"0\r\n\r\n")),
    Request("a coding alone", _post(_CHUNKED, b"0\r\n\r\n")),
    Request("a coding on a GET", _with(_CHUNKED, b"3\r\nabc\r\n0\r\n\r\n")),
    Request("no coding", _post(b"Transfer-Encoding: identity\r\n" + _LENGTH, b"abc")),
    Request("an unknown coding", _post(b"Transfer-Encoding: xchunked\r\n" + _LENGTH, b"abc")),
    Request("a coding behind a tab", _post(b"Transfer-Encoding:\tchunked\r\n" + _LENGTH, b"abc")),
    Request("a coding behind VT", _post(b"Transfer-Encoding: \x0bchunked\r\n" + _LENGTH, b"abc")),
    Request("a coding in bytes", _post(b"Transfer-Encoding: \xffchunked\r\n" + _LENGTH, b"abc")),
    Request(
        "a coding in HTTP/1.0",
        b"POST {at} HTTP/1.0\r\n" + HEAD + _CHUNKED + b"\r\n0\r\n\r\n",
    ),
    Request("two lengths", _post(_LENGTH + b"Content-Length: 4\r\n", b"abcd")),
    Request("a list of one length", _post(b"Content-Length: 3, 3\r\n", b"abc")),
    Request("a list of two", _post(b"Content-Length: 3, 4\r\n", b"abcd")),
    Request("a length and bytes", _post(_LENGTH + b"Content-Length: \xff\r\n", b"abc")),
    Request("a length of +3", _post(b"Content-Length: +3\r\n", b"abc")),
    Request("a length of -3", _post(b"Content-Length: -3\r\n", b"abc")),
    Request("a length of 0x3", _post(b"Content-Length: 0x3\r\n", b"abc")),
    Request("a length of 1_0", _post(b"Content-Length: 1_0\r\n", b"abcdefghij")),
    Request("a length of 3 and a half", _post(b"Content-Length: 3.5\r\n", b"abcd")),
    Request("an empty length", _post(b"Content-Length: \r\n")),
    Request("a length beyond numbers", _post(b"Content-Length: " + b"9" * 30 + b"\r\n", b"abc")),
    Request("a GET with a body", _with(_LENGTH, b"abc")),
    Request("a HEAD with a body", _with(_LENGTH, b"abc", b"HEAD")),
    # Whom is it for?
    Request("no host", b"GET {at} HTTP/1.1\r\nConnection: close\r\n\r\n"),
    Request("no host in HTTP/1.0", b"GET {at} HTTP/1.0\r\n\r\n"),
    Request("an empty host", b"GET {at} HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n"),
    Request("two hosts", _with(b"Host: b\r\n")),
    Request("the same host twice", _with(b"Host: a\r\n")),
    Request("a list of hosts", b"GET {at} HTTP/1.1\r\nHost: a, b\r\nConnection: close\r\n\r\n"),
    Request("a host and a path", b"GET {at} HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n"),
    Request("a user at the host", b"GET {at} HTTP/1.1\r\nHost: x@a\r\nConnection: close\r\n\r\n"),
    Request("a host in bytes", b"GET {at} HTTP/1.1\r\nHost: \xff\r\nConnection: close\r\n\r\n"),
    Request("bytes, then a host", b"GET {at} HTTP/1.1\r\nHost: \xff\r\n" + HEAD + b"\r\n"),
    Request("a port of letters", b"GET {at} HTTP/1.1\r\nHost: a:b\r\nConnection: close\r\n\r\n"),
    Request("another host in the line", b"GET http://evil{at} HTTP/1.1\r\n" + HEAD + b"\r\n"),
    Request("a user in the line", b"GET http://x@a{at} HTTP/1.1\r\n" + HEAD + b"\r\n"),
    Request("a host only in the line", b"GET http://a{at} HTTP/1.1\r\nConnection: close\r\n\r\n"),
    # Where does a header end?
    Request("a NUL in a value", _with(b"X: a\0b\r\n")),
    Request("a CR in a value", _with(b"X: a\rb\r\n")),
    Request("a folded header", _with(b"X: a\r\n b\r\n")),
    Request("a folded host", b"GET {at} HTTP/1.1\r\nHost: a\r\n b\r\nConnection: close\r\n\r\n"),
    Request("a first line folded", b"GET {at} HTTP/1.1\r\n Host: b\r\n" + HEAD + b"\r\n"),
    Request("a space before the colon", _with(b"Content-Length : 3\r\n", b"abc")),
    Request("a tab before the colon", _with(b"Content-Length\t: 3\r\n", b"abc")),
    Request("a name of two words", _with(b"X Y: a\r\n")),
    Request("a name in parentheses", _with(b"X(Y): a\r\n")),
    Request("no name", _with(b": a\r\n")),
    Request("no colon", _with(b"nonsense\r\n")),
    Request("CR alone ends lines", b"GET {at} HTTP/1.1\rHost: a\r\r"),
    # Which version, which method?
    Request("HTTP/0.9", b"GET {at}\r\n\r\n", (400, 0)),
    Request("HTTP/1.2", b"GET {at} HTTP/1.2\r\n" + HEAD + b"\r\n"),
    Request("HTTP/2.0 in words", b"GET {at} HTTP/2.0\r\n" + HEAD + b"\r\n"),
    Request("the words of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (400, 0)),
    Request("http in small letters", b"GET {at} http/1.1\r\n" + HEAD + b"\r\n"),
    Request("get in small letters", b"get {at} HTTP/1.1\r\n" + HEAD + b"\r\n", (405,)),
    Request("two spaces", b"GET  {at} HTTP/1.1\r\n" + HEAD + b"\r\n"),
    Request("tabs for spaces", b"GET\t{at}\tHTTP/1.1\r\n" + HEAD + b"\r\n"),
    Request("TRACE", b"TRACE {at} HTTP/1.1\r\n" + HEAD + b"\r\n", (405,)),
    Request("CONNECT", b"CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", (405,)),
    Request("OPTIONS *", b"OPTIONS * HTTP/1.1\r\n" + HEAD + b"\r\n"),
    # Too much of anything
    Request("40 KB of headers", _with(b"X: " + b"a" * 40_000 + b"\r\n"), (431,)),
    Request("1 MB of headers", _with(b"X: " + b"a" * 1_000_000 + b"\r\n"), (431,)),
    Request("5,000 headers", _with(b"X: a\r\n" * 5000), (431,)),
)

#: Addresses are attacked apart: what stands in them matters, not what they lead to.
ADDRESSES = (
    Request("a NUL", b"GET /a\0b/echo HTTP/1.1\r\n" + HEAD + b"\r\n"),
    Request("a NUL in disguise", b"GET /a%00b/echo HTTP/1.1\r\n" + HEAD + b"\r\n"),
    Request("a NUL in the query", b"GET /echo?q=%00 HTTP/1.1\r\n" + HEAD + b"\r\n"),
    Request("line ends", b"GET /a%0d%0ab/echo HTTP/1.1\r\n" + HEAD + b"\r\n"),
    Request("not UTF-8", b"GET /%ff/echo HTTP/1.1\r\n" + HEAD + b"\r\n"),
    Request("overlong UTF-8", b"GET /%c0%af/echo HTTP/1.1\r\n" + HEAD + b"\r\n"),
    Request("dots", b"GET /a/../echo HTTP/1.1\r\n" + HEAD + b"\r\n"),
    Request("dots in disguise", b"GET /a/%2e%2e/echo HTTP/1.1\r\n" + HEAD + b"\r\n"),
    Request("half of them", b"GET /a/.%2e/echo HTTP/1.1\r\n" + HEAD + b"\r\n"),
    Request("slashes too", b"GET /a%2f%2e%2e%2fecho HTTP/1.1\r\n" + HEAD + b"\r\n"),
    Request("a space", b"GET /a b/echo HTTP/1.1\r\n" + HEAD + b"\r\n"),
    Request("no slash", b"GET echo HTTP/1.1\r\n" + HEAD + b"\r\n"),
    Request("bytes in the query", b"GET /echo?q=\xff HTTP/1.1\r\n" + HEAD + b"\r\n"),
    Request("9 KB", b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n" + HEAD + b"\r\n", (414,)),
)

ONE_WAY = (
    Request("the host in the line too", b"GET http://a{at} HTTP/1.1\r\n" + HEAD + b"\r\n", (200,)),
    Request("HTTP/1.0 with a host", b"GET {at} HTTP/1.0\r\nHost: a\r\n\r\n", (200,)),
    Request("LF alone ends lines", b"GET {at} HTTP/1.1\nHost: a\nConnection: close\n\n", (200,)),
    Request("empty lines first", b"\r\n\r\nGET {at} HTTP/1.1\r\n" + HEAD + b"\r\n", (200,)),
    Request("a length of nothing", _with(b"Content-Length: 0\r\n"), (200,)),
    Request("an empty query", b"GET {at}? HTTP/1.1\r\n" + HEAD + b"\r\n", (200,)),
    Request("a name with an underscore", _with(b"Transfer_Encoding: chunked\r\n"), (200,)),
    Request("h2c offered", _with(b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"), (200,)),
    Request("another method named", _with(b"X-HTTP-Method-Override: DELETE\r\n"), (200,)),
    Request(
        "Connection names the host",
        b"GET {at} HTTP/1.1\r\nHost: a\r\nConnection: close, Host, Cookie\r\n\r\n",
        (200,),
    ),
)

#: How an address reaches the site: asked for → what the site is asked.
CROSSINGS = (
    (b"/a%2fb/", "/a/b/"),
    (b"/a%5cb/", "/a%5Cb/"),
    (b"/a\\b/", "/a%5Cb/"),
    (b"/a/%252e%252e/", "/a/%252e%252e/"),
    (b"/a/..;/", "/a/..;/"),
    (b"/a%3fq/", "/a%3Fq/"),
    (b"/%zz/", "/%25zz/"),
    (b"/n%65ws/", "/news/"),
    (b"/a/#/b", "/a/"),
    ("/міст/".encode(), "/%D0%BC%D1%96%D1%81%D1%82/"),
    (b"/a/?q=%0d%0aX:1", "/a/?q=%0d%0aX:1"),
)
