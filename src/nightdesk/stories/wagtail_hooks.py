"""Stories and topics in the admin: which of our verbs stand where in Wagtail's."""

from __future__ import annotations

from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from nightdesk.stories.choosers import StoryChooserViewSet, story_chooser
from nightdesk.stories.desk import log, versions
from nightdesk.stories.desk.after_publishing import after_publishing
from nightdesk.stories.desk.hold_back import LiftEmbargo, hold_back
from nightdesk.stories.desk.kept_names import refuse_in_bulk, refuse_in_form
from nightdesk.stories.desk.listing import StoryListing
from nightdesk.stories.desk.publish_first import publish_first
from nightdesk.stories.desk.topics import Topics
from nightdesk.stories.desk.write import SectionViews, StoryViews

register_snippet(Topics)
hooks.register("construct_page_action_menu", publish_first)
hooks.register("construct_snippet_action_menu", publish_first)
hooks.register("before_publish_page", hold_back)
hooks.register("after_publish_page", after_publishing)
hooks.register("register_log_actions", log.register)
hooks.register("register_admin_urls", versions.urls)
hooks.register("register_page_header_buttons", versions.header_button)
hooks.register("before_delete_snippet", refuse_in_form)
hooks.register("before_bulk_action", refuse_in_bulk)


@hooks.register("register_admin_viewset")
def choose_a_story() -> StoryChooserViewSet:
    return story_chooser


@hooks.register("register_admin_viewset")
def write_stories() -> StoryViews:
    return StoryViews()


@hooks.register("register_admin_viewset")
def edit_sections() -> SectionViews:
    return SectionViews()


@hooks.register("register_admin_viewset")
def list_stories() -> StoryListing:
    return StoryListing()


@hooks.register("register_admin_urls")
def lifting() -> list[URLPattern]:
    return [path("stories/<int:pk>/lift-embargo/", LiftEmbargo.as_view(), name="lift_embargo")]


@hooks.register("insert_editor_js")
def writing() -> SafeString:
    scripts = ("desk/paste.js", "desk/start_writing.js", "desk/one_save_at_a_time.js")
    return format_html_join("\n", '<script src="{}"></script>', ((static(s),) for s in scripts))
