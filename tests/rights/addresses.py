"""Every address of the admin, and something real to ask it about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.images.models import Filter
from wagtail.models import (
    Collection,
    Page,
    Site,
    UploadedFile,
)

from nightdesk.fronts.breaking.models import Banner
from nightdesk.fronts.models import EditorsPicks
from nightdesk.narration.models import Pronunciation
from nightdesk.newsletters.models import DigestRule, Newsletter, Subscriber, SubscriberTable
from nightdesk.people.models import Author, Desk, User
from nightdesk.stories.models import SectionPage, StoryPage, Topic
from nightdesk.takedown.models import Takedown
from tests.coverage.making import a_coverage, an_entry
from tests.making import a_brief, a_picture, a_story
from tests.newsletters.composing import an_edition

#: Where staff work. Everything else is for readers.
_ROOMS = ("admin/", "staff/")

#: Addresses that answer nobody with anything of the newsroom's: signing in and out, scripts, icons,
#: Wagtail's own error pages.
FOR_EVERYBODY = frozenset(
    {
        "wagtailadmin_login",
        "wagtailadmin_logout",
        "wagtailadmin_password_reset",
        "wagtailadmin_password_reset_done",
        "wagtailadmin_password_reset_confirm",
        "wagtailadmin_password_reset_complete",
        "wagtailadmin_javascript_catalog",
        "wagtailadmin_sprite",
        "wagtailadmin_error_test",
        "admin/test404/",
        "admin/^.*/$",
    }
)

#: Signing in, and one's own account: what they show and do is only one's own, and walking them
#: would end the walker's session. ``tests/people`` opens them for the wrong people.
ONES_OWN = frozenset(
    {
        "account_login",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "passkey_options",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "second_factor_remove",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "end_session",
        "end_other_sessions",
        "security_seen",
    }
)


_ABOUT_A_STORY = (
    "story_aloud",
    "read_again",
    "pull_sound",
    "say_differently",
    "hear_a_name",
    "story_recording",
    "remove_recording",
    "recording_holds",
    "recording_sound",
)


def _whose_revision(name: str) -> str:
    """``wagtailsnippets_coverage_entry:…`` → its entry's; a story's by default."""
    for part, kind in (("briefs", "brief"), ("coverage_entry", "entry"), ("coverage", "coverage")):
        if part in name:
            return f"{kind}_revision"
    return "revision"


@dataclass(frozen=True)
class Address:
    """``name`` as ``reverse`` knows it, or the route of an address without a name."""

    name: str
    route: str
    parameters: tuple[str, ...]


def all_addresses() -> list[Address]:
    found = list(_walk(get_resolver().url_patterns, "", ()))
    return [each for each in found if each.route.startswith(_ROOMS)]


def _walk(patterns: list, before: str, spaces: tuple[str, ...]) -> Iterator[Address]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _walk(pattern.url_patterns, route, inner)
        elif isinstance(pattern, URLPattern):
            name = ":".join([*spaces, pattern.name]) if pattern.name else route
            named = pattern.pattern.converters or pattern.pattern.regex.groupindex
            yield Address(name, route, tuple(named))


def a_mail() -> str:
    """The name of a file in the folder of mail."""
    file = Path(settings.DATA) / "mail" / "20990101T000000.000000Z-one.eml"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"X-Nightdesk-Envelope-To: <reader@example.org>\r\n\r\nHere")
    return file.name


@dataclass
class Things:
    """One of each thing there is. ``pages``: what a page's address is asked about, by what it is
    to whoever asks."""

    section: SectionPage
    pages: dict[str, Page] = field(default_factory=dict)
    ids: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def made(cls, section: SectionPage) -> Things:
        locale = section.locale
        other = section.get_parent().add_child(instance=SectionPage(title="World", locale=locale))
        story = a_story(section, "Somebody's story")
        revision = story.save_revision()
        workflow = story.get_workflow()
        state = workflow.start(story, User.objects.create_user("somebody-else"))
        task = state.current_task_state.task
        brief = a_brief(locale)
        letter = Newsletter.objects.create(name="Morning", slug="morning", locale=locale)
        edition = an_edition(letter, ("text", "<p>Good morning.</p>"))
        coverage = a_coverage()
        entry = an_entry(coverage)
        ids = {
            "brief": brief.pk,
            "coverage": coverage.pk,
            "coverage_revision": coverage.latest_revision_id,
            "entry": entry.pk,
            "entry_revision": entry.latest_revision_id,
            "brief_revision": brief.save_revision().pk,
            "banner": Banner.objects.create(
                locale=locale, text="Dam breaks", since=timezone.now(), until=timezone.now()
            ).pk,
            "editorspicks": EditorsPicks.objects.first().pk,
            "newsletter": letter.pk,
            "edition": edition.pk,
            "digestrule": DigestRule.objects.create(newsletter=letter).pk,
            "subscriber": Subscriber.objects.create(
                email="a@example.org", email_ascii="a@example.org", email_key="a@example.org"
            ).pk,
            "brought": SubscriberTable.objects.create(name="list.csv", content=b"").pk,
            "topic": Topic.objects.create(name="Rivers", slug="rivers", locale=locale).pk,
            "author": Author.objects.create(name="A. Writer", slug="a-writer", locale=locale).pk,
            "desk": Desk.objects.create(name="Night desk", slug="night", locale=locale).pk,
            "story": story.pk,
            "revision": revision.pk,
            "other_section": other.pk,
            "collection": Collection.get_first_root_node().add_child(name="Wire").pk,
            "workflow": workflow.pk,
            "task": task.pk,
            "task_state": state.current_task_state.pk,
            "workflow_state": state.pk,
            "redirect": Redirect.add_redirect("/old/", "/new/").pk,
            "document": Document.objects.create(title="D", file=ContentFile(b"d", "d.txt")).pk,
            "picture": a_picture().pk,
            "upload": UploadedFile.objects.create(file=ContentFile(b"u", "u.txt")).pk,
            "site": Site.objects.get().pk,
            "user": User.objects.create_user("a-colleague").pk,
            "group": Group.objects.first().pk,
            "pronunciation": Pronunciation.objects.create(
                language="en", term="Someplace", says="SUHM-plays"
            ).pk,
            "takedown": Takedown.objects.create(key="one", path="/gone/", at=timezone.now()).pk,
        }
        pages = {"somebody's story": story, "front": section.get_parent()}
        return cls(section, pages, ids)

    def own_draft(self, user: User) -> StoryPage:
        draft = StoryPage(title="My draft", locale=self.section.locale, live=False, owner=user)
        self.section.add_child(instance=draft)
        draft.save_revision(user=user)
        return draft

    def arguments(self, address: Address, page: Page) -> dict[str, Any]:
        """Raises ``KeyError`` for a parameter that nothing here stands for."""
        return {name: self._argument(address, name, page) for name in address.parameters}

    def _argument(self, address: Address, name: str, page: Page) -> Any:
        ids = self.ids
        if name in ("page_id", "page_to_move_id", "page_pk"):
            return page.pk
        if name == "pk":
            return self._pk(address.name)
        plain = {
            "parent_page_id": self.section.pk,
            "destination_id": ids["other_section"],
            "content_type_app_name": "stories",
            "content_type_model_name": "storypage",
            "app_label": "stories",
            "app_name": "taggit",
            "model_name": "topic" if "snippet" in address.name else "storypage",
            "action": "publish",
            "action_name": "publish" if "api" in address.name else "approve",
            "object_id": ids["story"],
            "session_id": 1,
            "revision_id": ids[_whose_revision(address.name)],
            "revision_id_a": "earliest",
            "revision_id_b": "live",
            "task_state_id": ids["task_state"],
            "task_id": ids["task"],
            "workflow_state_id": ids["workflow_state"],
            "workflow_pk": ids["workflow"],
            "collection_id": ids["collection"],
            "redirect_id": ids["redirect"],
            "document_id": ids["document"],
            "doc_id": ids["document"],
            "uploaded_file_id": ids["upload"],
            "image_id": ids["picture"],
            "filter_spec": Filter(spec="width-320").spec,
            "kind": "story",
            "name": a_mail(),
            "newsletter": ids["newsletter"],
            "verb": "send" if address.name == "live_do" else "take-back",
            "stream": "news-feed.en",
        }
        if address.name == "wagtail_bulk_action":
            plain |= {"app_label": "wagtailcore", "model_name": "page"}
        if address.name.startswith("wagtailadmin_workflows:add_task"):
            plain |= {"app_label": "wagtailcore", "model_name": "groupapprovaltask"}
        if address.name == "simple_translation:submit_snippet_translation":
            plain |= {"pk": ids["topic"]}
        return plain[name]

    def _pk(self, name: str) -> Any:
        """The room or the thing is in the name of its address."""
        if name == "take_down" or name in _ABOUT_A_STORY:
            return self.ids["story"]
        if name == "breaking_off":
            return self.ids["banner"]
        if name == "protect_name":
            return self.ids["author"]
        if name in ("taken_down_one", "lift_takedown"):
            return self.ids["takedown"]
        kinds = {
            "pages": "story",
            "documents": "document",
            "docs": "document",
            "images": "picture",
            "collections": "collection",
            "task": "task",
            "workflows": "workflow",
            "story_chooser": "story",
            "sites": "site",
            "users": "user",
            "groups": "group",
        }
        kinds |= {kind: kind for kind in ("editorspicks", "newsletter", "brief", "topic")}
        kinds |= {kind: kind for kind in ("subscriber", "brought", "pronunciation")}
        kinds |= {kind: kind for kind in ("author", "desk", "edition", "digestrule")}
        kinds |= {kind: kind for kind in ("coverage", "entry")}
        for word in reversed(re.split(r"[:_]", name)):
            for kind in (word, f"{word}s"):
                if kind in kinds:
                    return self.ids[kinds[kind]]
        if name.startswith("story_chooser"):
            return self.ids["story"]
        return self.ids["topic"]
