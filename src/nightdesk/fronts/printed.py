"""What the home page, Editors' Picks and the breaking banner mean to other pages.

Every page says what the newsroom is called, and that is the title of its home page; which
stories stand on top of it is nobody else's business.
"""

from __future__ import annotations

from collections.abc import Iterator

from nightdesk.fronts.breaking.models import Banner
from nightdesk.fronts.models import HomePage, Pick, TopStory
from nightdesk.press import keys, learn, pages
from nightdesk.press.dependencies import list_key
from nightdesk.press.tree import path_of, public_paths
from nightdesk.stories.indexes import fronts
from nightdesk.stories.printed import place_of


def keys_of_home(home: HomePage) -> Iterator[str]:
    yield list_key("homes")


def lists_of_home(home: HomePage) -> Iterator[str]:
    yield from place_of(home)
    if home.live and not home.get_view_restrictions().exists():
        yield list_key("fronts")


def keys_of_pick(pick: Pick) -> Iterator[str]:
    yield list_key("picks", pick.board.locale.language_code)


def keys_of_banner(banner: Banner) -> Iterator[str]:
    yield list_key("breaking", banner.locale.language_code)


def home_paths() -> Iterator[str]:
    homes = fronts(HomePage.objects.live().public(), 2).select_related("locale")
    yield from filter(None, map(path_of, homes.order_by("path")))


def learn_of_changes() -> None:
    keys.part_of(TopStory, "page")
    learn.register(HomePage, keys=keys_of_home, lists=lists_of_home, paths=public_paths)
    learn.register(Pick, keys=keys_of_pick)
    learn.register(Banner, keys=keys_of_banner)
    pages.register("home", home_paths)
