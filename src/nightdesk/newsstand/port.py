"""Take the port, or say why not and what to do about it."""

from __future__ import annotations

import errno
import socket


class CannotOpenError(Exception):
    """The port or the folder cannot be used; the message says why and what to do."""


def open_port(host: str, port: int) -> socket.socket:
    """The port, bound but not yet listening, so that nobody waits at it before we are there.

    Without SO_REUSEPORT: a second newsroom on the same port would take every other reader of the
    first. Raises ``CannotOpenError``.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise CannotOpenError(
            f"HOST is {host!r}, which is no address of this machine ({error.strerror}); "
            "choose another with --host."
        ) from error
    family, kind, protocol, _name, address = found[0]
    opened = socket.socket(family, kind, protocol)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        opened.bind(address)
    except OSError as error:
        opened.close()
        raise CannotOpenError(_why_not(host, port, error)) from error
    return opened


def check_port(host: str, port: int) -> None:
    """Raise ``CannotOpenError`` unless the port can be had."""
    open_port(host, port).close()


def _why_not(host: str, port: int, error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return (
                f"Port {port} on {host} is in use by another program. "
                f"Stop that program, or choose another port with --port."
            )
        case errno.EACCES:
            return (
                f"Port {port} needs more rights than this account has; choose one above 1023, "
                "or give the program the right to it (docs/operate/tls.md)."
            )
        case errno.EADDRNOTAVAIL:
            return f"This machine has no address {host}; choose another with --host."
        case _:
            return f"{host}:{port} cannot be opened ({error.strerror or error})."
