"""Placeholder colours and focal points are classes, the same ones that pictures are given."""

from __future__ import annotations

import re

from nightdesk.media.darkroom.palette import PALETTE
from nightdesk.media.models import Picture
from nightdesk.theme.palette import palette_css


def test_every_colour_the_darkroom_can_choose_has_its_class():
    rules = dict(re.findall(r"\.paper-(\d+) \{ --placeholder: (#\w{6}); \}", palette_css()))
    assert rules == {str(number): colour for number, colour in enumerate(PALETTE)}
    assert len(rules) == 16


def test_every_focal_point_a_picture_can_have_has_its_class(db):
    rules = set(re.findall(r"\.(focus-\d-\d) \{", palette_css()))
    picture = Picture(width=100, height=100)
    found = set()
    for x in range(100):
        for y in range(0, 100, 5):
            picture.focal_point_x, picture.focal_point_y = x, y
            found.add(picture.focus_class)
    assert found == rules
    assert len(rules) == 25


def test_a_focal_point_in_the_upper_right_stays_in_the_upper_right():
    assert ".focus-4-0 { object-position: 100% 0%; }" in palette_css()
