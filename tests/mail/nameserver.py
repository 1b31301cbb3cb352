"""A small name server on this machine: what it knows is in a dictionary."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset


class NameServer:
    """``zone``: ``{("news.example", "TXT"): ['"v=spf1 ~all"']}``, each record in a zone file's
    words. A name that it does not know does not exist. ``asked`` has every question."""

    def __init__(self, zone: dict[tuple[str, str], list[str]]) -> None:
        self.zone = {(name.lower(), kind): records for (name, kind), records in zone.items()}
        self.asked: list[tuple[str, str]] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as knock:
            knock.sendto(b"", self._socket.getsockname())
        self._thread.join(5)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            packet, asker = self._socket.recvfrom(4096)
            if not packet:
                return
            self._socket.sendto(self._answer(packet), asker)

    def _answer(self, packet: bytes) -> bytes:
        query = dns.message.from_wire(packet)
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.AA | dns.flags.RA
        [question] = query.question
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        records = self.zone.get((name, kind), [])
        if records:
            answer.answer.append(dns.rrset.from_text_list(question.name, 300, "IN", kind, records))
        elif not any(known == name for known, _kind in self.zone):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer.to_wire()


@contextlib.contextmanager
def serving(zone: dict[tuple[str, str], list[str]]) -> Iterator[NameServer]:
    server = NameServer(zone)
    try:
        yield server
    finally:
        server.stop()
