"""Open a line: reach the relay, be greeted, turn to TLS, sign in."""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import socket
import ssl

from nightdesk.mail.adapters.smtp.line import SEND_BUFFER, Line
from nightdesk.mail.adapters.smtp.offers import Offers, offers
from nightdesk.mail.adapters.smtp.patience import Patience
from nightdesk.mail.adapters.smtp.replies import Reply
from nightdesk.mail.relay import TLS, RelayAddress


class NotOpened(Exception):
    """No line; the words are for an operator. ``code``: the relay's, 0 when it gave none."""

    def __init__(self, words: str, code: int = 0) -> None:
        super().__init__(words)
        self.code = code


def tls_context(relay: RelayAddress) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if relay.on_this_machine:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


async def open_line(
    line: Line, relay: RelayAddress, context: ssl.SSLContext, name: str, patience: Patience
) -> None:
    """``name``: ours, for EHLO; empty: the address we come from. Raises ``NotOpened``."""
    try:
        await _connect(line, relay, context, patience)
        greeting = await line.ask(b"", patience.greeting)
        _expect(greeting, 220, f"The relay {relay} does not take us now")
        name = name or _address_literal(line)
        offered = await _hello(line, name, patience)
        if relay.tls is TLS.WHEN_OFFERED and "STARTTLS" in offered.words:
            await _turn_to_tls(line, relay, context, patience)
            offered = await _hello(line, name, patience)
            private = True
        else:
            private = relay.tls is TLS.FROM_THE_START
        if relay.user:
            if not private and not relay.on_this_machine:
                raise NotOpened(
                    f"The relay {relay} offers no TLS, and a password is not sent without. If it "
                    "speaks TLS from the start, write smtps:// in NIGHTDESK_MAIL."
                )
            await _sign_in(line, relay, offered, patience)
    except ssl.SSLCertVerificationError as error:
        raise NotOpened(
            f"The certificate of the relay {relay} is not to be trusted "
            f"({error.verify_message}), so nothing was sent. NIGHTDESK_MAIL must give the relay "
            "the name that its certificate has."
        ) from error
    except ssl.SSLError as error:
        hint = ""
        if "WRONG_VERSION_NUMBER" in str(error) and relay.tls is TLS.FROM_THE_START:
            hint = " It seems not to speak TLS from the start; smtp:// turns to TLS later."
        raise NotOpened(
            f"TLS with the relay {relay} failed ({error.reason or error}).{hint}"
        ) from error
    except TimeoutError as error:
        raise NotOpened(f"The relay {relay} does not answer.") from error
    except OSError as error:
        raise NotOpened(f"The relay {relay} cannot be reached ({_reason(error)}).") from error
    else:
        if line.gone:
            raise NotOpened(f"The relay {relay} hung up.")
        line.open(offered)


async def _connect(
    line: Line, relay: RelayAddress, context: ssl.SSLContext, patience: Patience
) -> None:
    encrypted = relay.tls is TLS.FROM_THE_START
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(patience.connect):
        transport, _line = await loop.create_connection(
            lambda: line,
            relay.host,
            relay.port,
            ssl=context if encrypted else None,
            ssl_handshake_timeout=patience.connect if encrypted else None,
            # Of several addresses none may hold up the others. (Not for a single one: when asyncio's
            # race is cancelled, it forgets to close what it had connected.)
            happy_eyeballs_delay=None if _is_address(relay.host) else 0.25,
        )
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)


async def _hello(line: Line, name: str, patience: Patience) -> Offers:
    reply = await line.ask(f"EHLO {name}\r\n".encode("ascii"), patience.hello)
    if reply.code in (500, 501, 502, 504, 550):  # from before 1995, or made to look like it
        reply = await line.ask(f"HELO {name}\r\n".encode("ascii"), patience.hello)
        _expect(reply, 250, "The relay does not return our greeting")
        return Offers()
    _expect(reply, 250, "The relay does not return our greeting")
    return offers(reply)


async def _turn_to_tls(
    line: Line, relay: RelayAddress, context: ssl.SSLContext, patience: Patience
) -> None:
    reply = await line.ask(b"STARTTLS\r\n", patience.hello)
    _expect(reply, 220, f"The relay {relay} offers TLS and does not begin it")
    if line.has_unread or line.gone:
        # Whoever put more before the first encrypted byte is not the relay (CVE-2011-0411).
        raise NotOpened(f"Somebody between us and the relay {relay} added to what it said.")
    plain = line.transport
    transport = await asyncio.get_running_loop().start_tls(
        plain,
        line,
        context,
        server_hostname=relay.host,
        ssl_handshake_timeout=patience.connect,
    )
    if transport is None:
        raise ConnectionResetError
    line.now_private(transport, plain)


async def _sign_in(line: Line, relay: RelayAddress, offered: Offers, patience: Patience) -> None:
    user, password = relay.user.encode(), relay.password.encode()
    if "PLAIN" in offered.logins:
        said = base64.b64encode(b"\0%b\0%b" % (user, password))
        reply = await line.ask(b"AUTH PLAIN %b\r\n" % said, patience.connect)
    elif "LOGIN" in offered.logins:
        reply = await line.ask(b"AUTH LOGIN\r\n", patience.connect)
        for said in (user, password):
            if reply.code == 334:
                said = base64.b64encode(said)
                reply = await line.ask(b"%b\r\n" % said, patience.connect)
    else:
        raise NotOpened(
            f"The relay {relay} offers no way to sign in that we know (PLAIN or LOGIN); it offers: "
            f"{', '.join(sorted(offered.logins)) or 'none'}."
        )
    _expect(reply, 235, f"The relay {relay} does not take the login in NIGHTDESK_MAIL")


def _expect(reply: Reply, code: int, otherwise: str) -> None:
    if reply.code != code:
        raise NotOpened(f"{otherwise}: {reply.code} {reply.text}", reply.code)


def _address_literal(line: Line) -> str:
    """RFC 5321 §4.1.3: what a client without a name of its own says."""
    address = ipaddress.ip_address(line.transport.get_extra_info("sockname")[0].partition("%")[0])
    return f"[{address}]" if address.version == 4 else f"[IPv6:{address}]"


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _reason(error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        return "no such host is known"
    if error.errno in (None, 0) or not error.strerror:
        return str(error) or "it hung up"
    return error.strerror
