"""How a sink behaves: as a good relay, unless it is told otherwise."""

from __future__ import annotations

import argparse
import fnmatch
from dataclasses import dataclass, fields

STAGES = ("mail", "rcpt", "data", "dot")


@dataclass(frozen=True, slots=True)
class Refusal:
    """``450:0.02``: two in a hundred recipients are refused with 450. ``550:1:rcpt:*@gone.example``:
    every one at that domain. Stages: mail, rcpt (the usual), data, dot."""

    code: int
    share: float = 1.0
    stage: str = "rcpt"
    address: str = "*"

    @classmethod
    def parse(cls, text: str) -> Refusal:
        code, share, stage, address, *_ = [*text.split(":", 3), "", "", ""]
        refusal = cls(int(code), float(share or 1), stage or "rcpt", address or "*")
        if refusal.stage not in STAGES or not 400 <= refusal.code <= 599:
            raise ValueError
        return refusal

    def __str__(self) -> str:
        return f"{self.code}:{self.share}:{self.stage}:{self.address}"

    def meets(self, address: str) -> bool:
        return self.address == "*" or fnmatch.fnmatchcase(address, self.address)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Shares are from 0 to 1. Field names are the options of the command."""

    #: Milliseconds before each answer.
    delay: float = 0.0
    refuse: tuple[Refusal, ...] = ()
    #: Hang up instead of answering DATA: nobody has the message.
    cut_before_dot: float = 0.0
    #: Read the message and hang up without taking it.
    cut_at_dot: float = 0.0
    #: Take the message, write it down, and hang up instead of saying so.
    cut_after_dot: float = 0.0
    #: Take the message, write it down, and say nothing more on this connection.
    stall: float = 0.0
    #: Refuse the first try for each pair of sender and recipient.
    greylist: bool = False
    #: 421 to whoever wants to send more than so many messages on one connection.
    goodbye_after: int = 0
    #: 421 to whoever opens more connections than so many.
    connections: int = 0
    no_pipelining: bool = False
    #: Bytes; a longer message is refused after it was read.
    size: int = 0
    no_8bitmime: bool = False
    no_smtputf8: bool = False
    #: Only HELO.
    no_ehlo: bool = False
    #: With TLS: from the first byte, instead of after STARTTLS.
    tls_from_the_start: bool = False
    cert: str = ""
    key: str = ""
    #: ``user:password``; without, everybody is welcome.
    login: str = ""
    mechanisms: str = "PLAIN LOGIN"
    #: Which header of an accepted message is written down, besides Message-ID.
    header: str = "List-Unsubscribe"
    seed: int = 1

    def arguments(self) -> list[str]:
        """As the command takes them."""
        said: list[str] = []
        for field in fields(self):
            value, option = getattr(self, field.name), "--" + field.name.replace("_", "-")
            if field.name == "refuse":
                said += [word for one in value for word in (option, str(one))]
            elif value is True:
                said.append(option)
            elif value is not False and value != field.default:
                said += [option, str(value)]
        return said


def add_options(parser: argparse.ArgumentParser) -> None:
    for field in fields(Behaviour):
        option, default = "--" + field.name.replace("_", "-"), field.default
        if field.name == "refuse":
            parser.add_argument(
                option,
                action="append",
                type=Refusal.parse,
                default=[],
                metavar="CODE:SHARE[:STAGE[:ADDRESS]]",
                help=Refusal.__doc__,
            )
        elif default is False:
            parser.add_argument(option, action="store_true")
        else:
            parser.add_argument(option, type=type(default), default=default)


def from_options(given: argparse.Namespace) -> Behaviour:
    said = {field.name: getattr(given, field.name) for field in fields(Behaviour)}
    return Behaviour(**{**said, "refuse": tuple(said["refuse"])})
