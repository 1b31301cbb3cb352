"""Seal each entry of Wagtail's log as it is written, in the same transaction.

The log lies in the main database. Whoever can write there could write into the log, too, that an
editor has published something; without the secret key they cannot seal it, and the audit chain says
so when it copies the entry. The seal also fixes, at that moment, what the version said.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models.signals import pre_save
from django.http import HttpRequest, HttpResponse
from wagtail.models import ModelLogEntry, PageLogEntry

from nightdesk.audit import chain
from nightdesk.audit.content import revision_digest

#: Where in an entry's data the seal is.
STAMP = "audit"
LOGS = {"p": PageLogEntry, "m": ModelLogEntry}

_request: ContextVar[HttpRequest | None] = ContextVar("audit_request", default=None)
_off: ContextVar[bool] = ContextVar("audit_off", default=False)


def listen() -> None:
    for model in LOGS.values():
        pre_save.connect(_stamp, sender=model, dispatch_uid=f"audit.stamp {model.__name__}")


@contextlib.contextmanager
def without_stamps() -> Iterator[None]:
    """For ready-made databases, which must hold no secret's trace."""
    token = _off.set(True)
    try:
        yield
    finally:
        _off.reset(token)


def is_off() -> bool:
    return _off.get()


def fingerprint() -> str:
    """Of the session at work, never its key; empty without one."""
    request = _request.get()
    key = getattr(getattr(request, "session", None), "session_key", None)
    return hashlib.sha256(key.encode()).hexdigest()[:32] if key else ""


class KnowTheSession:
    """Middleware: what is logged while this request is answered was done in its session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _request.set(request)
        try:
            return self.get_response(request)
        finally:
            _request.reset(token)


def _stamp(instance: Any, raw: bool = False, **_kwargs: object) -> None:
    if raw or _off.get() or instance.pk:
        return
    about: dict[str, Any] = {"name": "", "session": fingerprint(), "content": ""}
    try:
        if instance.user_id:
            about["name"] = instance.user.get_username()
        if instance.revision_id:
            about["content"] = revision_digest(instance.revision)
        elif getattr(instance, "page_id", None):
            about["live"] = bool(instance.page.live)
    except ObjectDoesNotExist:
        pass
    # The caller may use one dictionary for several entries.
    instance.data = {**(instance.data or {}), STAMP: about}
    about["seal"] = chain.sealed(_said(instance))


def _said(entry: Any) -> str:
    """Everything that an entry says, in one line. The time as any database gives it back."""
    data = json.loads(json.dumps(entry.data or {}, cls=DjangoJSONEncoder))
    data.get(STAMP, {}).pop("seal", None)
    return json.dumps(
        [
            entry._meta.label_lower,
            str(entry.object_id() if callable(entry.object_id) else entry.object_id),
            entry.action,
            round(entry.timestamp.timestamp() * 1000),
            entry.user_id,
            entry.revision_id,
            entry.label,
            bool(entry.deleted),
            data,
        ],
        sort_keys=True,
    )


def carried(entry: Any) -> str:
    """The seal that an entry carries, whether it fits or not: what it is recognised by."""
    about = (entry.data or {}).get(STAMP)
    seal = about.get("seal", "") if isinstance(about, dict) else ""
    return seal if isinstance(seal, str) and seal.isascii() else ""


def is_sealed(entry: Any) -> bool:
    return hmac.compare_digest(carried(entry), chain.sealed(_said(entry)))
