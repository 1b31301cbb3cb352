"""A page composes shared pieces by name, without knowing the rooms they come from."""

import pytest
from django.template import Context, Template
from django.utils.translation import override

from nightdesk.press import fragments


@pytest.fixture
def registered(monkeypatch):
    monkeypatch.setattr(fragments, "_renderers", {})
    fragments.register("greeting", lambda language: f"<b>{language}</b>")


def test_a_page_puts_a_piece_in_its_place_in_its_own_language(registered):
    page = Template('{% load press %}<p>{% fragment "greeting" %}</p>')
    with override("uk"):
        assert page.render(Context()) == "<p><b>uk</b></p>"


def test_two_rooms_cannot_claim_one_name(registered):
    with pytest.raises(ValueError, match="registered twice"):
        fragments.register("greeting", lambda language: "other")


@pytest.mark.django_db
def test_the_paper_has_its_shared_pieces(newsroom):
    assert {"news-feed", "editors-picks", "sections"} <= set(fragments.names())
    for name in fragments.names():
        assert isinstance(fragments.render(name, "en"), str)
