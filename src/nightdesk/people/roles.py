"""What accounts may do, by their role. A role is a group of Django's, filled by the rooms.

The newsroom's roles build on one another: an editor may do what a reporter may, a desk chief what
an editor and a producer may. An administrator keeps accounts and settings and has no editorial
rights at all. Each room says in ``AppConfig.ready()`` what its own things are to whom; pages and
pictures are Wagtail's to guard.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import QuerySet
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from nightdesk.people.models import User

REPORTER, EDITOR, PRODUCER, DESK_CHIEF = "reporter", "editor", "producer", "desk-chief"
ADMINISTRATOR = "administrator"

#: Each role, and those whose rights it has besides its own.
_BASED_ON: dict[str, tuple[str, ...]] = {
    REPORTER: (),
    EDITOR: (REPORTER,),
    PRODUCER: (),
    DESK_CHIEF: (EDITOR, PRODUCER),
    ADMINISTRATOR: (),
}

ROLES = tuple(_BASED_ON)

#: The group's name, as administrators see it.
GROUPS = {
    REPORTER: "Reporter",
    EDITOR: "Editor",
    PRODUCER: "Producer",
    DESK_CHIEF: "Desk chief",
    ADMINISTRATOR: "Administrator",
}

#: Groups that Wagtail brings, with rights of their own.
_BROUGHT = ("Editors", "Moderators")

#: On every page below the root. A reporter's "add" covers their own drafts, and no others. Rights
#: on pages run down the tree: what a producer has on the front page stops at stories, which ask
#: for `WRITES` too, and what an editor has on stories stops at fronts.
_ON_PAGES = {
    REPORTER: ("add_page",),
    EDITOR: ("change_page", "publish_page", "lock_page", "unlock_page"),
    PRODUCER: ("add_page", "change_page", "publish_page"),
    DESK_CHIEF: ("bulk_delete_page",),
}

#: Without it nobody writes or changes a story, whatever they may do to other pages.
WRITES = "stories.change_storypage"

#: On every picture; Wagtail asks for rights on its own name for them.
_ON_PICTURES = {
    REPORTER: ("add_image", "choose_image"),
    EDITOR: ("change_image",),
    PRODUCER: ("add_image", "choose_image"),
}

_allowed: dict[str, set[str]] = defaultdict(set)


class UnknownRole(ValueError):
    """There is no such role; the message names those that there are."""


def allow(role: str, *permissions: str) -> None:
    """Let ``role``, and those built on it, do this: ``"briefs.publish_brief"``."""
    _allowed[role].update(permissions)


def with_lesser(role: str) -> tuple[str, ...]:
    """The role and all that it builds on."""
    if role not in ROLES:
        raise UnknownRole(f"There is no role {role!r}. The roles are: {', '.join(ROLES)}.")
    lesser = [each for base in _BASED_ON[role] for each in with_lesser(base)]
    return tuple(dict.fromkeys([*lesser, role]))


@transaction.atomic
def set_up_roles() -> None:
    """Make the groups and give each what it may do. Safe to run again: rights that an
    administrator added by hand stay, those that are missing come back."""
    if not Group.objects.filter(name=GROUPS[REPORTER]).exists():
        Group.objects.filter(name__in=_BROUGHT, user__isnull=True).delete()
    root, pictures = Page.get_first_root_node(), Collection.get_first_root_node()
    permissions = _all_permissions()
    pages = _there_are(GroupPagePermission.objects.filter(page=root))
    collections = _there_are(GroupCollectionPermission.objects.filter(collection=pictures))
    for role in ROLES:
        group, _made = Group.objects.get_or_create(name=GROUPS[role])
        group.permissions.add(*_named(permissions, _upto(_allowed, role)))
        on_pages = [f"wagtailcore.{name}" for name in _upto(_ON_PAGES, role)]
        for right in _named(permissions, on_pages):
            if (group.pk, right) not in pages:
                GroupPagePermission.objects.get_or_create(
                    group=group, page=root, permission_id=right
                )
        on_pictures = [f"wagtailimages.{name}" for name in _upto(_ON_PICTURES, role)]
        for right in _named(permissions, on_pictures):
            if (group.pk, right) not in collections:
                GroupCollectionPermission.objects.get_or_create(
                    group=group, collection=pictures, permission_id=right
                )


@transaction.atomic
def give_role(user: User, role: str) -> None:
    """Make this the account's one role. UnknownRole when there is none of that name."""
    with_lesser(role)
    if not Group.objects.filter(name=GROUPS[role]).exists():
        set_up_roles()
    user.groups.remove(*user.groups.filter(name__in=GROUPS.values()))
    user.groups.add(Group.objects.get(name=GROUPS[role]))


def _upto(table: dict, role: str) -> list[str]:
    return [name for lesser in with_lesser(role) for name in table.get(lesser, ())]


def _all_permissions() -> dict[str, list[int]]:
    """``"briefs.publish_brief"`` → ids, one for each model that has one of that name."""
    found: dict[str, list[int]] = defaultdict(list)
    rows = Permission.objects.values_list("content_type__app_label", "codename", "pk")
    for room, codename, pk in rows:
        found[f"{room}.{codename}"].append(pk)
    return found


def _named(permissions: dict[str, list[int]], names: Iterable[str]) -> list[int]:
    """Each once; none for a name that is not there: its room may not be installed."""
    return list(dict.fromkeys(pk for name in names for pk in permissions.get(name, ())))


def _there_are(rows: QuerySet) -> set[tuple[int, int]]:
    """(group, permission) of each."""
    return set(rows.values_list("group_id", "permission_id"))
