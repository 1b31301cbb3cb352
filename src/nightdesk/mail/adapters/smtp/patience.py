"""How long to wait, in seconds: RFC 5321 §4.5.3.2, and what it leaves open."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    #: To reach the relay, and for each step of its TLS and login.
    connect: float = 30.0
    greeting: float = 300.0
    hello: float = 300.0
    #: MAIL, RCPT, RSET.
    envelope: float = 300.0
    data: float = 120.0
    #: Without the network taking another byte of a message.
    block: float = 180.0
    #: From the final dot to the answer. Whoever hangs up earlier makes duplicates (RFC 1047).
    dot: float = 600.0
    #: A connection with nothing to carry is closed after this; relays close theirs after 300 s
    #: (Postfix) or 60 s (some services).
    idle: float = 20.0
    quit: float = 2.0
    #: When told to stop at once: for answers to dots that were sent.
    farewell: float = 5.0
