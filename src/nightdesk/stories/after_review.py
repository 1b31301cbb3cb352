"""What follows when a review is over. Wagtail loads this before there are models."""

from __future__ import annotations


def publish_nothing(workflow_state: object, user: object = None) -> None:
    """Wagtail itself would publish, whether or not the reviewer may. Here the story is approved,
    and whoever may publish does it, or sets a time."""
