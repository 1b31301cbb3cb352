"""What the operator names is opened by what it is; what cannot be read is one clear line."""

import gzip
import http.server
import threading
import time
from pathlib import Path

import pytest

from nightdesk.exchange import fetch as fetching
from nightdesk.exchange.decoding import decode
from nightdesk.exchange.fetch import fetch, is_public
from nightdesk.exchange.source import Archive, Page, open_source
from nightdesk.exchange.unreadable import SourceUnreadable

HTML = "<!DOCTYPE html><html><body><p>Привіт, світе</p></body></html>"


def refused(address: str | Path, **options) -> str:
    with pytest.raises(SourceUnreadable) as caught:
        open_source(str(address), **options)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 200
    return str(caught.value)


class TestFiles:
    def test_html_is_told_from_text_by_its_content(self, tmp_path: Path) -> None:
        (tmp_path / "page.txt").write_text(HTML)
        (tmp_path / "page.html").write_text("Just words that somebody saved under a wrong name.")
        assert open_source(str(tmp_path / "page.txt")).is_html
        assert not open_source(str(tmp_path / "page.html")).is_html

    def test_a_page_that_begins_with_a_comment_is_html(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_text("<!-- saved from url=(0014)about:internet -->\n<html><p>x</p>")
        assert open_source(str(tmp_path / "a")).is_html

    def test_a_packed_page_is_unpacked(self, tmp_path: Path) -> None:
        (tmp_path / "a.html.gz").write_bytes(gzip.compress(HTML.encode()))
        page = open_source(str(tmp_path / "a.html.gz"))
        assert isinstance(page, Page) and "Привіт" in page.text

    @pytest.mark.parametrize(
        ("data", "says"),
        [
            (b"", "empty"),
            (b" \n\n", "empty"),
            (b"%PDF-1.7 ...", "PDF"),
            (b"PK\x03\x04....", "Word"),
            (b"\x89PNG\r\n\x1a\n", "picture"),
            (b"\x00\x01\x02" * 40, "no text"),
            (bytes(range(128, 256)) + b"\0" * 9, "no text"),
            (b"\x1f\x8bnot really gzip", "damaged"),
            (b"a" * 10_000_001, "10 MB"),
            (gzip.compress(b"a" * 30_000_000), "more than 10 MB"),
        ],
    )  # fmt: skip
    def test_what_is_no_page_is_refused_in_one_line(
        self, tmp_path: Path, data: bytes, says: str
    ) -> None:
        (tmp_path / "x").write_bytes(data)
        assert says in refused(tmp_path / "x")

    def test_missing_files_and_folders_are_said(self, tmp_path: Path) -> None:
        assert "no such file" in refused(tmp_path / "none.txt")
        assert "folder" in refused(tmp_path)
        assert "no ordinary file" in refused("/dev/zero")
        refused("a\0b")

    def test_an_archive_whose_end_is_missing_is_read_up_to_there_and_then_said(
        self, tmp_path: Path
    ) -> None:
        import random

        words = "".join(random.Random(1).choices("abcdefgh ", k=200_000))
        data = gzip.compress(
            "".join(
                f'{{"headline": "{words[n : n + 900]}"}}\n' for n in range(0, 90_000, 900)
            ).encode()
        )
        (tmp_path / "a.jsonl.gz").write_bytes(data[: len(data) // 2])
        archive = open_source(str(tmp_path / "a.jsonl.gz"))
        assert isinstance(archive, Archive)
        with (
            pytest.raises(SourceUnreadable, match="end is missing"),
            archive.open_lines() as (lines, _),
        ):
            list(lines)


class TestEncodings:
    TEXT = "У Верхньому Лузі відкрили бібліотеку. Ґанок пахне ще хлібом, їжаки сплять."

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "koi8_u"])
    def test_ukrainian_text_is_read_in_every_common_encoding(self, encoding: str) -> None:
        assert decode(self.TEXT.encode(encoding))[0] == self.TEXT

    @pytest.mark.parametrize(
        "text", ["Un été à Besançon, où l’on dîne tard.", "Größere Häuser für Jürgen “heute”."]
    )
    def test_western_text_is_not_taken_for_cyrillic(self, text: str) -> None:
        assert decode(text.encode("cp1252"))[0] == text

    def test_what_the_page_declares_is_believed_when_it_is_no_utf8(self) -> None:
        page = f'<html><meta charset="windows-1251"><p>{self.TEXT}'
        assert self.TEXT in decode(page.encode("cp1251"))[0]

    def test_a_wrong_declaration_does_not_harm_utf8(self) -> None:
        page = f'<html><meta charset="windows-1251"><p>{self.TEXT}'
        assert self.TEXT in decode(page.encode())[0]

    def test_a_guess_is_named(self) -> None:
        assert decode(self.TEXT.encode("cp1251"))[1] == "Windows-1251"


class Server(http.server.BaseHTTPRequestHandler):
    """A site that answers, redirects, drips and floods."""

    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        name, _, rest = self.path[1:].partition("/")
        getattr(self, f"send_{name}", self.send_missing)(rest)

    def send_page(self, _rest: str) -> None:
        body = HTML.encode("cp1251")
        self.answer(200, body, {"Content-Type": "text/html; charset=windows-1251"})

    def send_packed(self, _rest: str) -> None:
        self.answer(200, gzip.compress(HTML.encode()), {"Content-Encoding": "gzip"})

    def send_bomb(self, _rest: str) -> None:
        self.answer(200, gzip.compress(b" " * 60_000_000), {"Content-Encoding": "gzip"})

    def send_to(self, rest: str) -> None:
        self.answer(302, b"", {"Location": rest})

    def send_again(self, rest: str) -> None:
        left = int(rest)
        self.answer(302, b"", {"Location": f"/again/{left - 1}" if left > 1 else "/page"})

    def send_flood(self, _rest: str) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(200):
                self.wfile.write(b"a" * 1_000_000)
        except OSError:
            return

    def send_drip(self, _rest: str) -> None:
        try:
            self.wfile.write(b"HTTP/1.0 200 OK\r\n")
            for _ in range(100):
                self.wfile.write(b"X-A: b\r\n")
                time.sleep(0.1)
        except OSError:
            return

    def send_missing(self, _rest: str) -> None:
        self.answer(404, b"no")

    def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def site():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def this_machine(ip: str) -> bool:
    return ip == "127.0.0.1"


class TestAddresses:
    def test_a_page_is_fetched_and_its_declared_encoding_used(self, site: str) -> None:
        page = open_source(f"{site}/page", may_connect=this_machine)
        assert page.is_html and "Привіт" in page.text and page.address == f"{site}/page"

    def test_a_packed_answer_is_unpacked_and_a_bomb_is_not(self, site: str) -> None:
        assert open_source(f"{site}/packed", may_connect=this_machine).is_html
        assert "more than 10 MB" in refused(f"{site}/bomb", may_connect=this_machine)

    def test_three_redirects_are_followed_and_a_fourth_is_not(self, site: str) -> None:
        assert open_source(f"{site}/again/3", may_connect=this_machine).address == f"{site}/page"
        assert "redirects more than 3" in refused(f"{site}/again/4", may_connect=this_machine)

    @pytest.mark.parametrize(
        "to",
        [
            "http://127.0.0.2/",
            "file:///etc/passwd",
            "ftp://127.0.0.1/",
            "http://[::1]/",
            "http://[bad",
            "//169.254.169.254/latest",
        ],
    )
    def test_a_redirect_into_a_private_network_is_refused(self, site: str, to: str) -> None:
        refused(f"{site}/to/{to}", may_connect=this_machine)

    def test_an_address_of_this_machine_is_never_asked(self, site: str) -> None:
        Server.asked.clear()
        assert "private network" in refused(f"{site}/page")
        assert "private network" in refused(site.replace("127.0.0.1", "localhost") + "/page")
        assert Server.asked == []

    @pytest.mark.parametrize(
        "address",
        ["http://127.1/", "http://2130706433/", "http://0x7f.0.0.1/", "http://[::ffff:127.0.0.1]/", "http://0.0.0.0/",
         "http://[::]/", "http://10.0.0.1/", "http://192.168.1.1/", "http://169.254.169.254/latest/meta-data/",
         "http://100.64.0.1/", "http://[fe80::1]/", "http://[fd00::1]/", "http://[64:ff9b::7f00:1]/",
         "http://[2002:7f00:1::]/", "http://224.0.0.1/", "https://172.16.0.1/"],
    )  # fmt: skip
    def test_every_spelling_of_a_private_address_is_refused(self, address: str) -> None:
        assert "private network" in refused(address)

    def test_public_addresses_are_public(self) -> None:
        assert is_public("93.184.216.34") and is_public("2606:2800:220:1:248:1893:25c8:1946")

    @pytest.mark.parametrize(
        ("address", "says"),
        [("http://", "http"), ("http://a:b@news.example/", "password"), ("http://news.example:99999/", "valid"),
         ("http://no-such-name.invalid/", "not known"), ("https://[::1", "valid")],
    )  # fmt: skip
    def test_addresses_that_are_none_are_said(self, address: str, says: str) -> None:
        assert says in refused(address)

    def test_an_error_of_the_server_is_said(self, site: str) -> None:
        assert "404" in refused(f"{site}/nothing", may_connect=this_machine)

    def test_a_flood_ends_at_the_limit(self, site: str) -> None:
        assert "more than 10 MB" in refused(f"{site}/flood", may_connect=this_machine)

    def test_a_server_that_drips_is_left_at_the_deadline(self, site: str, monkeypatch) -> None:
        monkeypatch.setattr(fetching, "SECONDS", 0.5)
        started = time.monotonic()
        with pytest.raises(SourceUnreadable, match="did not answer"):
            fetch(f"{site}/drip", largest=1000, may_connect=this_machine)
        assert time.monotonic() - started < 3
