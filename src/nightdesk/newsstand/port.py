"""Is the port free, and if not, what to do about it."""

from __future__ import annotations

import errno
import socket


class CannotOpenError(Exception):
    """The port or the folder cannot be used; the message says why and what to do."""


def check_port(host: str, port: int) -> None:
    """Raise ``CannotOpenError`` unless nobody else listens there.

    granian shares ports (SO_REUSEPORT): without this, a second newsroom on the same port would
    take every other reader of the first.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotOpenError(_why_not(host, port, error)) from error


def _why_not(host: str, port: int, error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return (
                f"Port {port} on {host} is in use by another program. "
                f"Stop that program, or choose another port with --port."
            )
        case errno.EACCES:
            return f"Port {port} needs more rights than this account has; choose one above 1023."
        case errno.EADDRNOTAVAIL:
            return f"This machine has no address {host}; choose another with --host."
        case _:
            return f"{host}:{port} cannot be opened ({error.strerror or error})."
