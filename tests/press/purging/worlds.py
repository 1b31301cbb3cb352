"""Caches to be told: the real Varnish, and stand-ins that speak the commercial CDNs' protocols.

Each world has an origin whose pages a test changes, a cache before it that readers ask, and the
adapter under test. The stand-ins refuse whatever their originals' documentation refuses.
"""

from __future__ import annotations

import http.client
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit
from xml.etree import ElementTree

from nightdesk.press.purging.adapters.cloudflare import Cloudflare
from nightdesk.press.purging.adapters.cloudfront import CloudFront
from nightdesk.press.purging.adapters.fastly import Fastly
from nightdesk.press.purging.adapters.http import HTTPCache
from nightdesk.press.purging.adapters.varnish import Varnish
from nightdesk.press.purging.cache import Cache

from .varnish import RunningVarnish

HOST = "news.example"
SITE = f"https://{HOST}"
TOKEN = "s3cret-token"


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler], **held: object) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.__dict__.update(held)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


class World:
    """``pages``: path → (text, tags) at the origin."""

    adapter: Cache

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, tuple[str, ...]]] = {}

    def read(self, path: str) -> str:
        """What a reader gets."""
        raise NotImplementedError


class Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        pass

    def answer(self, status: int, body: str = "", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))


class Origin(Quiet):
    def do_GET(self) -> None:
        text, tags = self.server.world.pages.get(unquote(self.path), ("nothing", ()))
        self.answer(
            200,
            text,
            Surrogate_Control="max-age=600, stale-while-revalidate=5, stale-if-error=86400",
            xkey=" ".join(tags),
        )


class EdgeDoor(Quiet):
    """A CDN's readers: each answer has the ``status`` of its world, which notes what is ``asked``."""

    def do_GET(self) -> None:
        self.server.world.asked.append((self.headers["Host"], self.path))
        self.answer(self.server.world.status)


class VarnishWorld(World):
    def stand_behind(self, varnish: RunningVarnish) -> None:
        self.port = varnish.port
        self.adapter = Varnish({"LOCATION": (varnish.address,)})

    def read(self, path: str) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", quote(path), headers={"Host": HOST})
        text = connection.getresponse().read().decode()
        connection.close()
        return text


class StandInWorld(World):
    """A cache in a dictionary: path → [text, tags, whether it is to be asked for anew]."""

    knows_tags = True

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[str, list] = {}
        self.calls: list[tuple[str, str]] = []

    def read(self, path: str) -> str:
        held = self.held.get(path)
        text, tags = self.pages.get(path, ("nothing", ()))
        if held is None or held[2]:
            self.held[path] = [text, tags, False]
        return held[0] if held else text

    def let_go(self, wanted, hard: bool) -> None:
        for path, held in list(self.held.items()):
            if wanted(path, held[1]):
                if hard:
                    del self.held[path]
                else:
                    held[2] = True


class PurgeDoor(Quiet):
    """A cache that knows PURGE, of the kind that has the page or has not."""

    def do_PURGE(self) -> None:
        world = self.server.world
        if self.headers["X-Purge-Token"] != TOKEN:
            return self.answer(403, "not you")
        assert self.headers["Host"] == HOST
        path = unquote(self.path)
        known = path in world.held
        world.let_go(lambda held, _: held == path, self.headers["X-Purge"] == "hard")
        self.answer(200 if known else 404)


class FastlyDoor(Quiet):
    def do_POST(self) -> None:
        world, body = self.server.world, self.body()
        world.calls.append((self.path, body.decode()))
        if self.headers["Fastly-Key"] != TOKEN:
            return self.answer(401, '{"msg":"Provided credentials are missing or invalid"}')
        hard = self.headers["Fastly-Soft-Purge"] != "1"
        if self.path.startswith("/purge/"):
            path = unquote("/" + self.path.split("/", 3)[3])
            world.let_go(lambda held, _: held == path, hard)
            return self.answer(200, '{"status":"ok"}')
        if self.path != "/service/SU1Z0isxPaozGVKXdv0eY/purge":
            return self.answer(404, '{"msg":"Record not found"}')
        keys = json.loads(body)["surrogate_keys"]
        if len(keys) > 256:
            return self.answer(400, '{"msg":"Too many keys"}')
        world.let_go(lambda _, tags: set(tags) & set(keys), hard)
        self.answer(200, json.dumps(dict.fromkeys(keys, "id")))


class CloudflareDoor(Quiet):
    def do_POST(self) -> None:
        world, body = self.server.world, self.body()
        world.calls.append((self.path, body.decode()))
        refused = {"success": False, "errors": [{"code": 10000, "message": "Authentication error"}]}
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            return self.answer(200, json.dumps(refused))
        if self.path != "/client/v4/zones/023e105f4ecef8ad9ca31a8372d0c353/purge_cache":
            return self.answer(404, '{"success":false,"errors":[]}')
        what = json.loads(body)
        if max((len(one) for one in what.values() if isinstance(one, list)), default=0) > 100:
            return self.answer(400, '{"success":false,"errors":[{"message":"too many"}]}')
        files = {unquote(urlsplit(url).path) for url in what.get("files", ())}
        tags = set(what.get("tags", ()))
        every = what.get("purge_everything") is True
        world.let_go(lambda path, held: every or path in files or tags & set(held), True)
        self.answer(200, '{"success":true,"errors":[]}')


class CloudFrontDoor(Quiet):
    _SIGNED = (
        r"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\d{8}/us-east-1/cloudfront/aws4_request, "
        r"SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=[0-9a-f]{64}"
    )

    def do_POST(self) -> None:
        world, body = self.server.world, self.body()
        world.calls.append((self.path, body.decode()))
        if not re.fullmatch(self._SIGNED, self.headers["Authorization"] or ""):
            return self.answer(403, "<Error><Code>SignatureDoesNotMatch</Code></Error>")
        if self.path != "/2020-05-31/distribution/EDFDVBD632BHDS5/invalidation":
            return self.answer(404, "<Error><Code>NoSuchDistribution</Code></Error>")
        space = "{http://cloudfront.amazonaws.com/doc/2020-05-31/}"
        batch = ElementTree.fromstring(body)
        paths = [unquote(one.text) for one in batch.iter(f"{space}Path")]
        assert int(batch.find(f"{space}Paths/{space}Quantity").text) == len(paths)
        assert batch.find(f"{space}CallerReference").text
        if len(paths) > 3000:
            return self.answer(413, "<Error><Code>TooManyInvalidationsInProgress</Code></Error>")
        world.let_go(lambda path, _: path in paths or "/*" in paths, True)
        self.answer(201, "<Invalidation/>")


def varnish(folder: Path) -> Iterator[World]:
    world = VarnishWorld()
    with serving(Origin, world=world) as origin:
        running = RunningVarnish(folder, origin)
        world.stand_behind(running)
        yield world
        running.stop()


def stand_in(door: type[Quiet], make, folder: Path, token: str = TOKEN) -> Iterator[World]:
    world = StandInWorld()
    with serving(door, world=world) as port:
        world.adapter = make(f"http://127.0.0.1:{port}", token)
        yield world


def _http(address: str, token: str) -> Cache:
    return HTTPCache({"LOCATION": (address,), "TOKEN": token})


def _fastly(address: str, token: str) -> Cache:
    return Fastly({"ID": "SU1Z0isxPaozGVKXdv0eY", "TOKEN": token, "API": address})


def _cloudflare(address: str, token: str) -> Cache:
    zone = "023e105f4ecef8ad9ca31a8372d0c353"
    return Cloudflare({"ID": zone, "TOKEN": token, "API": address})


def _cloudfront(address: str, token: str) -> Cache:
    key = "AKIDEXAMPLE" if token == TOKEN else "AKIDOTHER"
    return CloudFront({"ID": "EDFDVBD632BHDS5", "TOKEN": f"{key}:{token}", "API": address})


STAND_INS = {
    "http": (PurgeDoor, _http),
    "fastly": (FastlyDoor, _fastly),
    "cloudflare": (CloudflareDoor, _cloudflare),
    "cloudfront": (CloudFrontDoor, _cloudfront),
}
