"""What passes between a reader's browser and the site, and what does not."""

from __future__ import annotations

import gzip
import os
import socket

from .conftest import read_all, status
from .stand_in import PICTURE


def test_a_page_reaches_the_reader_as_the_site_wrote_it(newsstand):
    answer = newsstand.get("/news/a-story/")
    assert (answer.status, answer.body) == (200, b"<!doctype html><title>page</title>")
    assert answer["content-length"] == str(len(answer.body))


def test_the_site_sees_the_address_as_the_reader_typed_it(newsstand):
    target = "/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8/50%25/a%3Fb/echo?q=a%20%22b&c=%D1%97+d"
    assert newsstand.get(target).json["target"] == target


def test_a_double_slash_is_never_taken_for_another_host(newsstand):
    assert newsstand.get("//evil.example/echo").json["target"] == "//evil.example/echo"


def test_a_head_request_gets_the_headers_of_the_page_and_no_body(newsstand):
    answer = newsstand.get("/picture", "HEAD")
    assert (answer.status, answer.body) == (200, b"")
    assert answer["content-length"] == str(len(PICTURE))


def test_a_compressed_page_stays_compressed(newsstand):
    answer = newsstand.get("/gzip", accept_encoding="gzip")
    assert answer["content-encoding"] == "gzip"
    assert gzip.decompress(answer.body) == b"<p>packed</p>"


def test_an_unchanged_page_is_not_sent_again(newsstand):
    answer = newsstand.get("/not-modified", if_none_match='"a"')
    assert (answer.status, answer.body, answer["etag"]) == (304, b"", '"a"')


def test_a_large_picture_arrives_whole(newsstand):
    answer = newsstand.get("/picture")
    assert answer.body == PICTURE
    assert answer["content-type"] == "image/jpeg"


def test_a_part_of_a_recording_can_be_asked_for(newsstand):
    answer = newsstand.get("/picture", range="bytes=1000-1999")
    assert answer.status == 206
    assert answer.body == PICTURE[1000:2000]
    assert answer["content-range"] == f"bytes 1000-1999/{len(PICTURE)}"


def test_an_answer_of_unstated_length_arrives_with_its_length(newsstand):
    answer = newsstand.get("/unstated")
    assert answer.body == b"<p>no length</p>"
    assert answer["content-length"] == "16"
    assert answer["transfer-encoding"] is None


def test_several_cookies_arrive_as_several(newsstand):
    assert newsstand.get("/cookies").all("set-cookie") == ["a=1", "b=2; Path=/"]


def test_headers_meant_for_one_connection_do_not_cross(newsstand):
    answer = newsstand.get("/hop")
    assert answer["x-kept"] == "1"
    assert answer["x-private"] is answer["keep-alive"] is None
    asked = newsstand.get(
        "/echo", connection="close, X-Secret", x_secret="1", te="trailers", x_kept="1"
    )
    names = [name.lower() for name, _ in asked.json["headers"]]
    assert "x-kept" in names
    assert not {"x-secret", "te"} & set(names)


def sent_headers(answer) -> dict[str, str]:
    headers = answer.json["headers"]
    names = [name.lower() for name, _ in headers]
    assert len(names) == len(set(names)), headers
    return {name.lower(): value for name, value in headers}


def test_a_reader_cannot_tell_the_site_where_she_comes_from(newsstand):
    answer = newsstand.get(
        "/echo",
        x_forwarded_for="6.6.6.6",
        x_forwarded_proto="https",
        x_forwarded_host="evil.example",
        x_real_ip="6.6.6.6",
        forwarded="for=6.6.6.6",
    )
    headers = sent_headers(answer)
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-proto"] == "http"
    assert headers["x-forwarded-host"] == headers["host"] == f"127.0.0.1:{newsstand.port}"
    assert "6.6.6.6" not in str(headers)


def test_underscores_cannot_smuggle_a_forwarded_header(newsstand):
    answer = newsstand.raw(
        b"GET /echo HTTP/1.1\r\nHost: a\r\nX_Forwarded_For: 6.6.6.6\r\nConnection: close\r\n\r\n"
    )
    assert status(answer) == 200
    assert b"6.6.6.6" not in answer


def test_a_trusted_proxy_is_believed_up_to_the_first_stranger(site, open_newsstand):
    behind = open_newsstand(trusted=["127.0.0.1", "10.0.0.0/8"])
    headers = sent_headers(
        behind.get(
            "/echo",
            x_forwarded_for="6.6.6.6, 203.0.113.9, 10.1.2.3",
            x_forwarded_proto="https",
            x_forwarded_host="lantern.example",
        )
    )
    assert headers["x-forwarded-for"] == "203.0.113.9"
    assert headers["x-forwarded-proto"] == "https"
    assert headers["host"] == headers["x-forwarded-host"] == "lantern.example"


def test_two_cookie_headers_become_one(newsstand):
    answer = newsstand.raw(
        b"GET /echo HTTP/1.1\r\nHost: a\r\nCookie: a=1\r\nCookie: b=2\r\nConnection: close\r\n\r\n"
    )
    assert b'["cookie", "a=1; b=2"]' in answer


def test_an_upload_reaches_the_site_whole_and_with_its_length(newsstand):
    upload = os.urandom(3_000_000)
    answer = newsstand.get(
        "/admin/echo", "POST", upload, cookie="nightdesk_session=1", content_type="image/jpeg"
    )
    assert answer.json["body_length"] == len(upload)
    assert sent_headers(answer)["content-length"] == str(len(upload))


def test_whoever_waits_for_100_continue_gets_it(newsstand):
    with newsstand.connect() as connection:
        connection.sendall(
            b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
            b"Expect: 100-continue\r\nConnection: close\r\n\r\n"
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 100 Continue\r\n\r\n")
        connection.sendall(b"hello")
        answer = read_all(connection)
    assert b'"body": "hello"' in answer
    assert b"expect" not in answer.lower()


def test_a_slow_reader_of_a_large_picture_does_not_hold_the_site(newsstand):
    connections = []
    for _ in range(30):
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", newsstand.port))
        connection.sendall(b"GET /picture HTTP/1.1\r\nHost: a\r\n\r\n")
        connections.append(connection)
    assert newsstand.get("/news/").status == 200
    for connection in connections:
        connection.close()
