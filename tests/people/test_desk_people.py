"""Authors and desks in the admin, and what each role may do."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.db.models import ProtectedError
from django.urls import reverse

from nightdesk.people import roles
from nightdesk.people.models import Author, Desk, User
from tests.making import a_story

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(signed_in):
    return signed_in("editor")


def add(client, model, **fields):
    address = reverse(model.snippet_viewset.get_url_name("add"))
    empty = {"role": "", "desk": "", "portrait": "", "bio": "null", "description": "", "slug": ""}
    return client.post(address, {**empty, **fields})


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Olena Sydorenko", "olena-sydorenko"),
        ("Борис Ткач", "борис-ткач"),
        ("Zoë O’Hara", "zoë-ohara"),
    ],
)
def test_an_address_is_made_from_the_name(editor, name, slug):
    add(editor, Author, name=name)
    assert Author.objects.get(name=name).slug == slug


def test_a_given_address_is_kept(editor):
    add(editor, Author, name="Olena Sydorenko", slug="olena")
    assert Author.objects.get(slug="olena").name == "Olena Sydorenko"


def test_an_address_that_is_taken_is_said_with_whose_it_is(editor):
    page = add(editor, Author, name="Anna Koval").content.decode()
    assert "“Anna Koval” already has the address “anna-koval”." in page
    assert Author.objects.count() == 1


def test_a_name_without_letters_needs_an_address(editor):
    assert "Give it an address" in add(editor, Desk, name="!!!").content.decode()


def rights(role: str) -> set[str]:
    group = Group.objects.get(name=roles.GROUPS[role])
    return {
        f"{right.content_type.app_label}.{right.codename}"
        for right in group.permissions.select_related("content_type")
    }


@pytest.mark.parametrize(
    ("role", "lesser"),
    [("editor", "reporter"), ("desk-chief", "editor"), ("desk-chief", "producer")],
)
def test_a_role_may_do_what_those_that_it_builds_on_may(newsroom, role, lesser):
    assert rights(lesser) < rights(role)


def test_an_administrator_has_no_editorial_right(newsroom):
    """Whoever keeps the accounts need not be able to change what readers read."""
    rooms = ("stories.", "briefs.", "fronts.", "newsletters.", "people.add_author")
    assert [right for right in rights("administrator") if right.startswith(rooms)] == []
    group = Group.objects.get(name="Administrator")
    assert not group.page_permissions.exists() and not group.collection_permissions.exists()


@pytest.mark.parametrize(
    ("role", "writes", "publishes", "arranges"),
    [
        ("reporter", True, False, False),
        ("editor", True, True, False),
        ("producer", False, False, True),
        ("desk-chief", True, True, True),
        ("administrator", False, False, False),
    ],
)
def test_rights_on_pages_stop_where_a_role_ends(
    newsroom, section, role, writes, publishes, arranges
):
    """A producer arranges the front page and cannot touch a story; an editor the other way round."""
    user = User.objects.create_user("somebody")
    roles.give_role(user, role)
    story = a_story(section, "Whose")
    on_story, on_section = story.permissions_for_user(user), section.permissions_for_user(user)
    on_front = section.get_parent().specific.permissions_for_user(user)
    assert on_section.can_add_subpage() is writes
    assert on_story.can_move() is publishes
    assert on_story.can_delete() is (publishes and arranges)
    assert on_story.can_edit() is on_story.can_publish() is on_story.can_unpublish() is publishes
    assert on_section.can_edit() is on_section.can_publish() is arranges
    assert on_front.can_edit() is on_front.can_add_subpage() is arranges


def test_an_account_has_one_role_and_loses_the_former(newsroom):
    user = User.objects.create_user("anna")
    roles.give_role(user, "producer")
    roles.give_role(user, "reporter")
    assert [group.name for group in user.groups.all()] == ["Reporter"]


def test_an_unknown_role_is_refused_with_those_that_there_are(newsroom):
    with pytest.raises(
        roles.UnknownRole, match="reporter, editor, producer, desk-chief, administrator"
    ):
        roles.give_role(User.objects.create_user("anna"), "boss")


def test_rights_given_by_hand_survive_and_lost_ones_come_back(newsroom):
    group = Group.objects.get(name="Reporter")
    by_hand = Permission.objects.get(codename="change_homepage")
    own, on_pages = group.permissions.first(), group.page_permissions.first().permission
    group.permissions.add(by_hand)
    group.permissions.remove(own)
    group.page_permissions.filter(permission=on_pages).delete()
    roles.set_up_roles()
    assert {by_hand, own} <= set(group.permissions.all())
    assert group.page_permissions.get(permission=on_pages)


@pytest.mark.parametrize(
    ("role", "picks", "users"),
    [
        ("reporter", False, False),
        ("editor", False, False),
        ("producer", True, False),
        ("desk-chief", True, False),
        ("administrator", False, True),
    ],
)
def test_doors_open_by_role(signed_in, role, picks, users):
    client = signed_in(role)
    assert client.get(reverse("wagtailadmin_home")).status_code == 200
    assert (
        client.get(reverse("picks_board"), follow=True).resolver_match.url_name == "edit"
    ) is picks
    assert (client.get(reverse("wagtailusers_users:index")).status_code == 200) is users


def test_no_way_to_delete_takes_a_byline_from_a_story(newsroom, section):
    from nightdesk.stories.models import StoryByline, StoryPage

    desk = Desk.objects.create(name="News desk", slug="news-desk", locale=newsroom.locale)
    story = StoryPage(title="Signed")
    story.bylines = [StoryByline(desk=desk)]
    section.add_child(instance=story)
    with pytest.raises(ProtectedError, match="stands under 1 story"):
        desk.delete()
