"""P7: nothing that is not out can be met by anyone outside, in any state that it gets into.

Stories and briefs go through random edits, publications, schedules, withdrawals, restrictions,
moves, copies and translations. Each edit brings words, pictures, an author and a topic that are
found nowhere else. Afterwards every address that a stranger may try is tried, and of those words
only the ones of what is published and free to read may be found there.

Five histories go into each newsroom; with ``NIGHTDESK_FAULTS=full`` a hundred newsrooms are
drawn, so 500 states.
"""

from __future__ import annotations

import os

import pytest
import time_machine
from django.utils import timezone
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from .leaks.lives import Alias, BriefLife, StoryLife
from .leaks.newsroom import Newsroom
from .leaks.surfaces import SURFACES, Ask, through_the_site
from .leaks.words import CANARY

pytestmark = pytest.mark.fault

STORIES, BRIEFS = 3, 2
NEWSROOMS = 100 if os.environ.get("NIGHTDESK_FAULTS") == "full" else 2

_names = sorted({*StoryLife.ACTIONS, *BriefLife.ACTIONS, *Alias.ACTIONS, "days_pass"})
_steps = st.lists(
    st.tuples(st.integers(0, STORIES + BRIEFS), st.sampled_from(_names)), min_size=3, max_size=18
)


def histories(*lives: str) -> list[tuple[int, str]]:
    """Steps, written as a line for each life."""
    return [(number, step) for number, line in enumerate(lives) for step in line.split()]


def leaks(newsroom: Newsroom, ask: Ask) -> list[str]:
    """What is wrong at any address, in words."""
    secrets, names, found = newsroom.secrets(), newsroom.hidden_names(), []
    for surface, addresses in SURFACES.items():
        hidden = secrets - newsroom.once_public() if surface == "what changed" else secrets
        for address in dict.fromkeys(addresses(newsroom)):
            status, text = ask(address)
            if status >= 500:
                found.append(f"{surface}: {address} answers with {status}")
            met = {word for word in CANARY.findall(text.lower()) if word in hidden}
            met = {word for word in met if word not in address} | {n for n in names if n in text}
            if met:
                found.append(f"{surface}: {address} ({status}) shows {sorted(met)}")
    for address, public in newsroom.files():
        status, _text = ask(address)
        if status != (200 if public else 404):
            found.append(f"a picture's file: {address} answers with {status}, public: {public}")
    return found


def missing(newsroom: Newsroom, ask: Ask) -> list[str]:
    """What is out and cannot be met: a test that sees nothing would find no leak."""
    found = []
    for life in newsroom.lives:
        version = life.shown()
        if version is not None:
            status, text = ask(life.address())
            if status != 200 or version["headline"] not in text:
                found.append(f"{life.address()} ({status}) does not show {version['headline']}")
            found += [
                f"{life.address()}changes/ does not show {earlier['headline']}"
                for earlier in life.history[:-1]
                if earlier["headline"] not in ask(f"{life.address()}changes/")[1]
            ]
        elif isinstance(life, Alias) or life.published or life.deleted:
            continue  # a form that asks for a password may stand there
        elif ask(life.address())[0] == 200:
            found.append(f"{life.address()} is there")
    return found


class EveryState(TestCase):
    @example(
        histories(
            "publish edit schedule edit",
            "publish edit copy alias restrict_by_password comment",
            "publish translate rename_author rename_picture edit publish delete",
            "publish edit publish unpublish edit",
            "date_ahead edit",
        )
    )
    @example(
        histories(
            "publish edit move publish_for_a_day edit days_pass",
            "publish edit publish restrict_to_a_group alias restrict_its_section",
            "schedule days_pass edit restrict_to_staff",
            "schedule edit days_pass",
            "publish delete",
        )
    )
    @given(steps=_steps)
    @settings(
        max_examples=NEWSROOMS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
    )
    def test_leaks_nothing_at_any_address(self, steps):
        with time_machine.travel(timezone.now(), tick=True) as traveller:
            newsroom = Newsroom(traveller, STORIES, BRIEFS)
            for number, action in steps:
                newsroom.do(number, action)
            newsroom.index()
            with through_the_site() as ask:
                found = leaks(newsroom, ask) + missing(newsroom, ask)
            assert not found, "\n".join([f"{len(found)} leaks", *found[:12]])
