"""What readers send: requests, with few headers or with those of a real browser."""

from __future__ import annotations

import http.client
from dataclasses import dataclass, field

#: What a measuring program sends.
SHORT = {"Accept-Encoding": "gzip"}
#: What a common browser sends, cookies of a first visit elsewhere included; about 1.1 KB.
BROWSER = {
    "Connection": "keep-alive",
    "sec-ch-ua": '"Chromium";v="142", "Google Chrome";v="142", "Not_A Brand";v="99"',
    "sec-ch-ua-mobile": "?0",
    "sec-ch-ua-platform": '"Windows"',
    "Upgrade-Insecure-Requests": "1",
    "User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
    "image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
    "Sec-Fetch-Site": "cross-site",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-User": "?1",
    "Sec-Fetch-Dest": "document",
    "Referer": "https://social.example/timeline",
    "Accept-Encoding": "gzip, deflate",
    "Accept-Language": "uk-UA,uk;q=0.9,en-US;q=0.8,en;q=0.7",
    "Cookie": "_ga=GA1.1.1234567890.1700000000; _gid=GA1.1.987654321.1700000000; "
    "consent=eyJhbmFseXRpY3MiOmZhbHNlfQ; theme=dark; _pk_id.1.1fff=a1b2c3d4e5f60718.1700000000.; "
    "_pk_ses.1.1fff=1",
}


@dataclass(frozen=True)
class Ask:
    """One request."""

    path: str
    headers: dict[str, str] = field(default_factory=lambda: dict(SHORT))


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def ask(port: int, wanted: Ask, timeout: float = 30.0) -> Answer:
    """One request on a connection of its own. Raises ``OSError`` when there is no answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", wanted.path, headers=wanted.headers)
        got = connection.getresponse()
        headers = {name.lower(): value for name, value in got.getheaders()}
        return Answer(got.status, headers, got.read())
    except http.client.HTTPException as error:
        raise OSError(str(error) or type(error).__name__) from error
    finally:
        connection.close()
