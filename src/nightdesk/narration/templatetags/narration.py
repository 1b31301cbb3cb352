"""``{% narration_of story as heard %}``: what a page shows of a story's sound, or nothing."""

from __future__ import annotations

from django import template

from nightdesk.narration import heard
from nightdesk.stories.models import StoryPage

register = template.Library()


@register.simple_tag
def narration_of(story: StoryPage) -> heard.Heard | None:
    return heard.heard(story)
