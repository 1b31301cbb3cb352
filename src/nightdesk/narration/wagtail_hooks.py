"""Narration in the admin: a story's own page, the overview, names, voices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from nightdesk.narration.desk import recording, story, voices
from nightdesk.narration.desk.names import Names
from nightdesk.narration.desk.overview import Overview
from nightdesk.narration.persons.models import HumanRecording
from nightdesk.stories.models import StoryPage

register_snippet(Names)


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    return [
        path("narration/", Overview.as_view(), name="narrations"),
        path("voices/", voices.Voices.as_view(), name="voices"),
        path("stories/<int:pk>/aloud/", story.StoryAloud.as_view(), name="story_aloud"),
        path("stories/<int:pk>/aloud/again/", story.again, name="read_again"),
        path("stories/<int:pk>/aloud/pull/", story.pull, name="pull_sound"),
        path(
            "stories/<int:pk>/aloud/recording/",
            recording.StoryRecording.as_view(),
            name="story_recording",
        ),
        path("stories/<int:pk>/aloud/recording/remove/", recording.remove, name="remove_recording"),
        path("stories/<int:pk>/aloud/recording/holds/", recording.holds, name="recording_holds"),
        path("stories/<int:pk>/aloud/recording/sound/", recording.sound, name="recording_sound"),
        path(
            "stories/<int:pk>/aloud/name/", story.SayDifferently.as_view(), name="say_differently"
        ),
        path("stories/<int:pk>/aloud/hear/", story.hear, name="hear_a_name"),
    ]


class _For(MenuItem):
    """Shown to whoever may open it."""

    def __init__(self, *args: Any, permission: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.permission = permission

    def is_shown(self, request: Any) -> bool:
        return bool(request.user.has_perm(self.permission))


@hooks.register("register_reports_menu_item")
def overview_item() -> MenuItem:
    return _For(
        _("Narration"),
        reverse("narrations"),
        icon_name="media",
        order=700,
        permission="narration.change_narration",
    )


@hooks.register("register_settings_menu_item")
def voices_item() -> MenuItem:
    return _For(
        _("Voices"),
        reverse("voices"),
        icon_name="media",
        order=700,
        permission="narration.change_voicechoice",
    )


@hooks.register("register_page_header_buttons")
def aloud_button(page: Page, user: Any, **_kwargs: Any) -> Iterator[Button]:
    is_story = issubclass(page.specific_class or Page, StoryPage)
    if is_story and page.alias_of_id is None and page.permissions_for_user(user).can_edit():
        address = reverse("story_aloud", args=[page.pk])
        yield Button(_("How it is heard"), address, icon_name="media", priority=14)


@hooks.register("after_publish_page")
def say_that_a_recording_is_older(request: HttpRequest, page: Page) -> None:
    """Whoever publishes a correction is told what became of a person's recording."""
    if page.pk and HumanRecording.objects.filter(story=page.pk, held="correction").exists():
        address = reverse("story_aloud", args=[page.pk])
        messages.warning(
            request,
            _(
                "The recording of this story was read before the correction, so readers do not "
                "hear it any more; the voice reads the story. Does it still hold?"
            ),
            buttons=[messages.button(address, _("How it is heard"))],
        )


@hooks.register("register_log_actions")
def log_actions(registry: LogActionRegistry) -> None:
    registry.register_action(
        story.READ_AGAIN, _("Read a story aloud again"), _("Had the story read aloud again")
    )
    registry.register_action(
        story.PULLED, _("Take a story's sound away"), _("Took the story's sound away")
    )
    registry.register_action(
        recording.RECORDED,
        _("Upload a person's recording of a story"),
        _("Uploaded a person's recording of the story"),
    )
    registry.register_action(
        recording.REMOVED,
        _("Remove a person's recording of a story"),
        _("Removed the person's recording of the story"),
    )
    registry.register_action(
        recording.HOLDS,
        _("Let readers hear a recording that was held back"),
        _("Let readers hear the recording that was held back"),
    )
    registry.register_action(
        voices.CHOSEN, _("Choose a voice"), _("Chose a voice, having read its licence")
    )
