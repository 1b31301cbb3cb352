"""Pieces of fronts that stand on other pages: Editors' Picks, and the sections in the header."""

from django.template.loader import render_to_string

from nightdesk.fronts.models import EditorsPicks, HomePage
from nightdesk.press.dependencies import collection
from nightdesk.stories.indexes import fronts
from nightdesk.stories.models import StoryPage


def editors_picks(language: str) -> str:
    stories = EditorsPicks.shown(language)
    return render_to_string("components/picks.html", {"stories": stories}) if stories else ""


def sections(language: str) -> str:
    """The links of the header's navigation, in the editor's order."""
    with collection("homes"):
        homes = fronts(HomePage.objects.live(), 2)
        home = homes.filter(locale__language_code=language).first()
    shown = home.sections() if home else []
    return render_to_string("components/sections.html", {"sections": shown})


def picks_for_newsletters(language: str, count: int) -> list[StoryPage]:
    """What an edition of a newsletter shows of the board."""
    return EditorsPicks.shown(language, slots=count)
