"""An id that somebody made by hand is a thing that there is not: 404, never a 500."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.urls import NoReverseMatch, reverse

from tests.people.signing import prove
from tests.rights.addresses import Address, all_addresses

pytestmark = pytest.mark.django_db

#: None of them is one: letters, more than a database takes, more than Python takes, a sign, a byte
#: that PostgreSQL refuses.
BY_HAND = ("x", "9" * 30, "9" * 5000, "-1", "\0")
CHOOSERS = [each for each in all_addresses() if "choose" in each.route]


@pytest.fixture
def owner(newsroom, client):
    from nightdesk.people.models import User

    account = User.objects.create_superuser("owner")
    client.force_login(account)
    prove(client, account)
    return client


def made(address: Address, wrong: str) -> str | None:
    """None: its converter takes numbers, and lets nothing else through."""
    try:
        return reverse(address.name, kwargs=dict.fromkeys(address.parameters, wrong))
    except NoReverseMatch:
        return None


def turn_about(addresses: list[Address]) -> Iterator[tuple[Address, str]]:
    """Each with one of them, the first with all: it is one guard that is asked."""
    yield from ((addresses[0], wrong) for wrong in BY_HAND)
    yield from zip(addresses, itertools.cycle(BY_HAND), strict=False)


def test_no_chooser_has_one_that_was_chosen_by_hand(owner):
    chosen = [each for each in CHOOSERS if each.parameters and made(each, "x")]
    assert len(chosen) >= 14
    for address, wrong in turn_about(chosen):
        path = made(address, wrong)
        assert path and owner.get(path).status_code == 404, path


def test_no_chooser_takes_several_by_hand(owner):
    several = [each for each in CHOOSERS if each.route.endswith("chosen-multiple/")]
    assert len(several) >= 15
    for address, wrong in turn_about(several):
        path = f"{reverse(address.name)}?id=1&id={quote(wrong)}"
        assert owner.get(path).status_code == 404, path[:120]


@pytest.mark.parametrize("name", ["target_pages[]", "parent_page_id"])
def test_no_chooser_of_pages_and_links_takes_one_by_hand(owner, name):
    several = [
        each
        for each in CHOOSERS
        if each.route.startswith("admin/choose-")
        and not each.parameters
        and "story" not in each.route
    ]
    assert len(several) > 6
    for address, wrong in turn_about(several):
        path = f"{reverse(address.name)}?{quote(name)}={quote(wrong)}"
        assert owner.get(path).status_code == 404, path[:120]


def test_no_other_address_of_the_admin_has_a_thing_by_such_an_id(owner):
    """Forms, histories, usage, deletion: Wagtail takes text for the id of a snippet in all."""
    others = [each for each in all_addresses() if set(each.parameters) & {"pk", "object_id"}]
    assert len(others) > 100
    for address in others:
        path = made(address, "x")
        if path is not None:
            assert owner.get(path).status_code == 404, path


def test_what_is_an_id_or_a_word_of_wagtails_still_gets_through(owner, section):
    assert owner.get(reverse("wagtailadmin_choose_page"), {"target_pages[]": ""}).status_code == 200
    one = reverse("story_chooser:chosen_multiple")
    assert owner.get(one, {"id": [str(section.pk)]}).status_code == 200
    link = reverse("wagtailadmin_choose_page_external_link")
    assert owner.get(link, {"parent_page_id": str(section.pk)}).status_code == 200
    compare = reverse("wagtailadmin_pages:revisions_compare", args=[section.pk, "earliest", "live"])
    assert owner.get(compare).status_code in (200, 404)
