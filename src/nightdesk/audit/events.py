"""What Wagtail does not log: who signed in and out, who got which role, whose password changed.

Each becomes an entry of the site's log, which the chain follows; no address, no browser, and no
password that somebody tried.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.signals import request_finished
from django.db import DatabaseError
from django.db.models.signals import m2m_changed, post_save, pre_save
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from nightdesk.audit.stamp import is_off

SIGNED_IN, SIGNED_OUT = "nightdesk.signed_in", "nightdesk.signed_out"
REFUSED = "nightdesk.sign_in_refused"
ROLES, RIGHTS, ACCOUNT = "nightdesk.roles", "nightdesk.rights", "nightdesk.account"

#: One account's failures are noted once in so long, however many there are.
_ONCE = datetime.timedelta(minutes=10)
_CHANGES = {"post_add": "added", "post_remove": "removed", "pre_clear": "cleared"}
_TELLING = ("username", "email", "password", "is_active", "is_superuser")

#: Accounts that were tried while a request was answered. They are noted after the answer, so that
#: the time it takes does not tell whether an account exists.
_tried: list[str] = []


def listen() -> None:
    accounts = get_user_model()
    user_logged_in.connect(_signed_in, dispatch_uid="audit.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="audit.signed_out")
    user_login_failed.connect(_refused, dispatch_uid="audit.refused")
    request_finished.connect(_note_refused, dispatch_uid="audit.note_refused")
    m2m_changed.connect(_roles, sender=accounts.groups.through, dispatch_uid="audit.roles")
    for through in (accounts.user_permissions.through, Group.permissions.through):
        m2m_changed.connect(_rights, sender=through, dispatch_uid=f"audit.rights {through}")
    pre_save.connect(_before, sender=accounts, dispatch_uid="audit.before")
    post_save.connect(_after, sender=accounts, dispatch_uid="audit.after")


def _log(instance: Any, action: str, user: Any = None, **data: Any) -> None:
    if not is_off():
        log(instance=instance, action=action, user=user, data=data or None)


def _signed_in(user: Any, **_kwargs: object) -> None:
    _log(user, SIGNED_IN, user)


def _signed_out(user: Any, **_kwargs: object) -> None:
    if user is not None and user.pk:
        _log(user, SIGNED_OUT, user)


def _refused(credentials: dict, **_kwargs: object) -> None:
    name = credentials.get(get_user_model().USERNAME_FIELD) or credentials.get("username")
    if isinstance(name, str):
        _tried.append(name)


def _note_refused(**_kwargs: object) -> None:
    names = set()
    while _tried:
        names.add(_tried.pop())
    try:
        for name in names:
            note_refused(name)
    except DatabaseError:
        pass  # the answer said enough


def note_refused(name: str) -> None:
    """Somebody tried to sign in as ``name`` and was refused. Of accounts that exist, and seldom."""
    account = get_user_model().objects.filter(username=name).first()
    if account is None:
        return
    lately = ModelLogEntry.objects.for_instance(account).filter(
        action=REFUSED, timestamp__gt=timezone.now() - _ONCE
    )
    if not lately.exists():
        _log(account, REFUSED)


def _roles(
    instance: Any, action: str, pk_set: set | None, model: type, reverse: bool, **_kwargs: object
) -> None:
    if action not in _CHANGES or reverse or (pk_set is not None and not pk_set):
        return
    groups = model.objects.filter(pk__in=pk_set) if pk_set is not None else instance.groups.all()
    names = sorted(groups.values_list("name", flat=True))
    if names:
        _log(instance, ROLES, **{_CHANGES[action]: names})


def _rights(
    instance: Any, action: str, pk_set: set | None, model: type, reverse: bool, **_kwargs: object
) -> None:
    if action not in _CHANGES or reverse or (pk_set is not None and not pk_set):
        return
    rights = model.objects.filter(pk__in=pk_set or ())
    names = sorted(
        f"{app}.{name}" for app, name in rights.values_list("content_type__app_label", "codename")
    )
    _log(instance, RIGHTS, **{_CHANGES[action]: names})


def _before(instance: Any, raw: bool = False, update_fields: Any = None, **_kwargs: object) -> None:
    quiet = raw or (update_fields is not None and not set(_TELLING) & set(update_fields))
    instance._audit_before = None
    if not quiet and instance.pk:
        instance._audit_before = (
            type(instance).objects.filter(pk=instance.pk).values(*_TELLING).first()
        )


def _after(instance: Any, created: bool, raw: bool = False, **_kwargs: object) -> None:
    if raw:
        return
    before = getattr(instance, "_audit_before", None)
    if created:
        _log(instance, ACCOUNT, made=instance.get_username(), owner=instance.is_superuser)
    elif before:
        changed = sorted(name for name in _TELLING if before[name] != getattr(instance, name))
        if changed:
            _log(instance, ACCOUNT, changed=changed)
