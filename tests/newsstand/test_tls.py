"""Encrypted and plain port: who is sent where, and what browsers are told."""

from __future__ import annotations

import contextlib
import datetime
import http.client
import json
import socket
import ssl
from pathlib import Path

import h2.config
import h2.connection
import h2.events
import h2.settings
import pytest

from .certificates import DAY, Pair
from .conftest import read_all, status
from .door import Door, trusting_anybody
from .stand_in import StandIn

URL = "https://localhost"
_ENDS = (h2.events.StreamEnded, h2.events.StreamReset, h2.events.ConnectionTerminated)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tls")


@pytest.fixture(scope="module")
def door(folder: Path):
    stand_in = StandIn(folder / "site.sock")
    pair = Pair(folder)
    pair.issue()
    proofs = folder / "acme" / ".well-known" / "acme-challenge"
    proofs.mkdir(parents=True)
    (proofs / "token-1_A").write_bytes(b"token-1_A.thumbprint")
    (proofs / "link").symlink_to("/etc/passwd")
    (proofs / "large").write_bytes(b"x" * 5000)
    (folder / "acme" / "secret").write_bytes(b"secret")
    opened = Door(folder, pair, NIGHTDESK_URL=URL, NIGHTDESK_HOSTS="www.localhost")
    yield opened.wait_until_open().wait_until_open(opened.plain)
    opened.stop()
    stand_in.stop()


def plain(door: Door, path: str, host: str = "localhost", method: str = "GET"):
    connection = http.client.HTTPConnection("127.0.0.1", door.plain, timeout=10)
    connection.request(method, path, headers={"Host": host})
    answer = connection.getresponse()
    answer.body = answer.read()
    connection.close()
    return answer


def test_browsers_are_told_to_come_encrypted_for_a_year_and_only_over_tls(door):
    assert door.get("/news/").getheader("strict-transport-security") == "max-age=31536000"
    assert door.get("/a%00b").getheader("strict-transport-security") == "max-age=31536000"
    assert plain(door, "/news/").getheader("strict-transport-security") is None


def test_without_tls_of_our_own_nothing_is_promised(newsstand):
    assert newsstand.get("/news/")["strict-transport-security"] is None


@pytest.mark.parametrize(
    ("path", "host", "leads_to"),
    [
        ("/news/a-story/?page=2", "localhost", "https://localhost/news/a-story/?page=2"),
        ("/", "localhost:80", "https://localhost/"),
        ("/", "LOCALHOST", "https://localhost/"),
        ("/", "www.localhost", "https://www.localhost/"),
        (
            "/uk/%D0%BC%D1%96%D1%81%D1%82/",
            "localhost",
            "https://localhost/uk/%D0%BC%D1%96%D1%81%D1%82/",
        ),
        ("//evil.example/", "localhost", "https://localhost//evil.example/"),
    ],
)
def test_the_plain_port_sends_readers_to_the_encrypted_one(door, path, host, leads_to):
    answer = plain(door, path, host)
    assert (answer.status, answer.getheader("location")) == (301, leads_to)


def test_a_form_sent_to_the_plain_port_stays_a_form(door):
    assert plain(door, "/newsletters/", method="POST").status == 308


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost@evil"])
def test_nobody_is_sent_to_a_host_that_is_not_ours(door, host):
    answer = plain(door, "/", host)
    assert answer.status in (400, 421)
    assert answer.getheader("location") is None


def test_an_issuer_of_certificates_finds_its_proof(door):
    answer = plain(door, "/.well-known/acme-challenge/token-1_A")
    assert (answer.status, answer.body) == (200, b"token-1_A.thumbprint")
    assert plain(door, "/.well-known/acme-challenge/token-1_A", "any.example").status == 200


@pytest.mark.parametrize(
    "token", ["none", "link", "large", "..%2f..%2fsecret", "%2e%2e/secret", "", "a/b", "a%00"]
)
def test_nothing_else_can_be_fetched_there(door, token):
    answer = plain(door, f"/.well-known/acme-challenge/{token}")
    assert answer.status in (400, 404)
    assert b"root:" not in answer.body and b"secret" not in answer.body


def test_the_site_is_told_that_the_reader_came_encrypted(door):
    told = dict(json.loads(door.get("/echo").body)["headers"])
    assert told["x-forwarded-proto"] == "https"


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
@pytest.mark.parametrize(
    ("version", "spoken"),
    [
        (ssl.TLSVersion.TLSv1_1, False),
        (ssl.TLSVersion.TLSv1_2, True),
        (ssl.TLSVersion.TLSv1_3, True),
    ],
)
def test_old_versions_of_tls_are_not_spoken(door, version, spoken):
    context = trusting_anybody()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    bare = socket.create_connection(("127.0.0.1", door.port), 10)
    heard = False
    with contextlib.suppress(OSError), context.wrap_socket(bare) as line:
        heard = line.version() is not None
    bare.close()
    assert heard == spoken


def test_health_tells_when_the_certificate_ends(door):
    ends = datetime.datetime.fromisoformat(
        json.loads(door.get("/healthz").body)["certificate"]["ends"]
    )
    left = ends - datetime.datetime.now(datetime.UTC)
    assert 88 <= left.days <= 90


def test_plain_words_at_the_encrypted_port_are_not_understood(door):
    with socket.create_connection(("127.0.0.1", door.port), 10) as line:
        line.sendall(b"GET /news/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert status(read_all(line)) == 0


def test_a_first_certificate_is_waited_for_while_its_issuer_is_answered(tmp_path):
    """How the first certificate is had: the plain port is open, the other not yet."""
    pair = Pair(tmp_path)
    door = Door(tmp_path, pair, NIGHTDESK_URL=URL)
    try:
        door.wait_until_open(door.plain)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", door.port), 1)
        assert "no usable certificate" in door.said()
        serial = pair.issue()
        door.wait_for(lambda: door.serial() == serial, 12)
    finally:
        door.stop()


def test_without_certificate_and_plain_port_there_is_nothing_to_open(tmp_path):
    door = Door(tmp_path, Pair(tmp_path), HTTP_PORT="off")
    assert door.process.wait(10) == 1
    assert "There is no usable certificate: TLS_CERT: " in door.said()
    assert "Traceback" not in door.said()


def test_an_expired_certificate_is_better_than_none_at_the_start(tmp_path):
    pair = Pair(tmp_path)
    serial = pair.issue(ends_in=-DAY)
    door = Door(tmp_path, pair)
    try:
        door.wait_until_open()
        assert door.serial() == serial
        assert "browsers will refuse the certificate: it ended on" in door.said()
    finally:
        door.stop()


def test_certificate_and_key_go_together(tmp_path):
    door = Door(tmp_path, None, TLS_CERT="/nowhere/fullchain.pem")
    assert door.process.wait(10) == 2
    assert "TLS_CERT is set and TLS_KEY is not; they go together." in door.said()


def test_a_key_given_in_the_place_of_its_path_is_not_shown(tmp_path):
    door = Door(tmp_path, None, TLS_CERT="/nowhere", TLS_KEY="-----BEGIN PRIVATE KEY-----\nAAAA")
    assert door.process.wait(10) == 2
    assert "AAAA" not in door.said()


# HTTP/2, which browsers choose by ALPN


class Http2:
    """One HTTP/2 connection on which anything can be said."""

    def __init__(self, door: Door) -> None:
        context = trusting_anybody()
        context.set_alpn_protocols(["h2"])
        bare = socket.create_connection(("127.0.0.1", door.port), 10)
        self.line = context.wrap_socket(bare, server_hostname="localhost")
        assert self.line.selected_alpn_protocol() == "h2"
        config = h2.config.H2Configuration(
            validate_outbound_headers=False, normalize_outbound_headers=False
        )
        self.connection = h2.connection.H2Connection(config)
        self.connection.initiate_connection()

    def ask(self, *headers: tuple[str, str], body: bytes = b"", end: bool = True):
        """(status, headers, body); status 0 when the stream was refused."""
        stream = self.connection.get_next_available_stream_id()
        self.connection.send_headers(stream, list(headers), end_stream=end and not body)
        if body:
            self.connection.send_data(stream, body, end_stream=end)
        self.line.sendall(self.connection.data_to_send())
        got, held, answer = 0, {}, b""
        while data := self.line.recv(65536):
            for event in self.connection.receive_data(data):
                if isinstance(event, h2.events.ResponseReceived):
                    held = {name.decode(): value.decode() for name, value in event.headers}
                    got = int(held[":status"])
                elif isinstance(event, h2.events.DataReceived):
                    answer += event.data
                elif isinstance(event, _ENDS):
                    return got, held, answer
            self.line.sendall(self.connection.data_to_send())
        return got, held, answer


@pytest.fixture
def http2(door):
    speaking = Http2(door)
    yield speaking
    speaking.line.close()


GET = ((":method", "GET"), (":scheme", "https"), (":path", "/echo"))
POST = ((":method", "POST"), (":scheme", "https"), (":path", "/echo"))
HERE = (":authority", "localhost")


def test_browsers_speak_http2(http2):
    got, held, body = http2.ask(*GET, HERE, ("cookie", "a=1"), ("cookie", "b=2"))
    told = dict(json.loads(body)["headers"])
    assert (got, told["host"], told["cookie"]) == (200, "localhost", "a=1; b=2")
    assert held["strict-transport-security"]


def test_a_form_over_http2_arrives_whole(http2):
    got, _held, body = http2.ask(*POST, HERE, ("content-length", "5"), body=b"a=b&c")
    assert (got, json.loads(body)["body"]) == (200, "a=b&c")


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        pytest.param([*GET], b"", 400, id="no host at all"),
        pytest.param([*GET, HERE, ("host", "evil.example")], b"", 400, id="two different hosts"),
        pytest.param([*GET, HERE, ("host", "localhost")], b"", 200, id="the same host twice"),
        pytest.param([*GET, HERE, ("host", "localhost"), ("host", "evil")], b"", 400, id="3 hosts"),
        pytest.param([*GET, ("host", "localhost")], b"", 200, id="host without authority"),
        pytest.param([*GET, (":authority", "a@localhost")], b"", 400, id="a name before the host"),
        pytest.param([*GET, HERE, ("transfer-encoding", "chunked")], b"", 0, id="a coding"),
        pytest.param([*GET, HERE, ("connection", "close")], b"", 0, id="a hop header"),
        pytest.param([*GET, HERE, ("X-Upper", "a")], b"", 0, id="capitals in a name"),
        pytest.param([*GET, HERE, ("x", "a\r\nhost: evil")], b"", 0, id="line ends in a value"),
        pytest.param([*POST, HERE, ("content-length", "3")], b"abcde", 0, id="more than stated"),
        pytest.param([*POST, HERE, ("content-length", "9")], b"abcde", 0, id="less than stated"),
        pytest.param([*POST, HERE], b"abcde", 411, id="a length not stated"),
        pytest.param([HERE, *GET[:2], (":path", "/a/../echo")], b"", 400, id="dots"),
        pytest.param([HERE, *GET[:2], (":path", "*")], b"", 400, id="a star"),
        pytest.param([HERE, *GET[:2], (":path", "/echo"), (":path", "/b")], b"", 0, id="2 paths"),
        pytest.param([(":method", "CONNECT"), HERE], b"", 405, id="CONNECT"),
    ],
)
def test_no_http2_request_can_be_read_two_ways(http2, headers, body, expected):
    got, _held, _body = http2.ask(*headers, body=body)
    assert got == expected or (expected == 0 and got == 400)


def test_an_http2_connection_is_told_goodbye_when_hands_change(tmp_path):
    stand_in = StandIn(tmp_path / "site.sock")
    pair = Pair(tmp_path)
    pair.issue()
    door = Door(tmp_path, pair).wait_until_open()
    try:
        speaking = Http2(door)
        assert speaking.ask(*GET, HERE)[0] == 200
        new = pair.issue()
        door.wait_for(lambda: door.serial() == new, 12)
        assert speaking.ask(*GET, HERE)[0] == 200
    finally:
        door.stop()
        stand_in.stop()
