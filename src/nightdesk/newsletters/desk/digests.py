"""Digests in the admin: their rules, and what became of each time that one was due."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, Panel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.models import register_snippet

from nightdesk.editing.forms import MadeFrom
from nightdesk.editing.viewsets import SnippetsOfOurs
from nightdesk.newsletters.editions import times
from nightdesk.newsletters.editions.digests import next_due
from nightdesk.newsletters.models import DigestRule
from nightdesk.stories.models import SectionPage, Topic

#: What says when it is due: changed, nothing is made up for that was due before.
_WHEN = frozenset(
    {"at", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "on"}
)
_RUNS = 20


class DigestForm(MadeFrom, WagtailAdminModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (
            ("sections", SectionPage.objects.live().order_by("path")),
            ("topics", Topic.objects.order_by("name")),
        ):
            field = self.fields[name]
            field.queryset = rows
            field.widget = forms.CheckboxSelectMultiple(choices=field.choices)

    def save(self, commit: bool = True) -> DigestRule:
        if _WHEN & set(self.changed_data):
            self.instance.since = timezone.now()
        return super().save(commit)


class Runs(Panel):
    """When it is due next, and what became of the last times."""

    class BoundPanel(Panel.BoundPanel):
        def is_shown(self) -> bool:
            return bool(self.instance.pk)

        def render_html(self, parent_context: Any = None) -> SafeString:
            return said_of(self.instance)


def said_of(rule: DigestRule) -> SafeString:
    due = next_due(rule, timezone.now()) if rule.on else None
    zone = rule.newsletter.zone
    said = (
        _("Due next at %(when)s.") % {"when": times.in_words(due.at, zone)}
        if due
        else _("It is not due any more: it is not in force.")
    )
    rows = rule.runs.select_related("edition")[:_RUNS]
    lines = format_html_join(
        "",
        "<tr><td>{}</td><td>{}</td></tr>",
        ((run.period.replace("T", ", "), _became(run)) for run in rows),
    )
    table = (
        format_html(
            '<table class="listing"><thead><tr><th scope="col">{}</th><th scope="col">{}</th></tr>'
            "</thead><tbody>{}</tbody></table>",
            _("Due"),
            _("What became of it"),
            lines,
        )
        if lines
        else ""
    )
    return format_html("<p>{}</p>{}", said, table)


def _became(run: Any) -> SafeString | str:
    if run.edition is None:
        return run.why_skipped or _("Its edition was deleted.")
    return format_html(
        '<a href="{}">{}</a> ({})',
        reverse("edition", args=[run.edition.pk]),
        run.edition.subject,
        run.edition.get_state_display(),
    )


def last_time(rule: DigestRule) -> str:
    run = rule.runs.select_related("edition").first()
    if run is None:
        return ""
    return run.why_skipped or (str(run.edition) if run.edition else "")


class Digests(SnippetsOfOurs):
    model = DigestRule
    icon = "calendar-alt"
    menu_label = gettext_lazy("Digests")
    menu_name = "digests"
    menu_order = 82
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = [
        "__str__",
        BooleanColumn("on", label=gettext_lazy("In force")),
        Column("last", label=gettext_lazy("Last time"), accessor=last_time),
    ]
    list_filter = ["newsletter", "on"]
    edit_handler = ObjectList(
        [
            FieldPanel("newsletter"),
            FieldPanel("on"),
            MultiFieldPanel(
                [
                    FieldRowPanel(
                        [FieldPanel("monday"), FieldPanel("tuesday"), FieldPanel("wednesday"),
                         FieldPanel("thursday")]
                    ),
                    FieldRowPanel(
                        [FieldPanel("friday"), FieldPanel("saturday"), FieldPanel("sunday")]
                    ),
                    FieldRowPanel([FieldPanel("at"), FieldPanel("minutes_before")]),
                ],
                heading=gettext_lazy("When"),
                help_text=gettext_lazy("On the newsletter's clock."),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("subject"),
                    FieldRowPanel([FieldPanel("least"), FieldPanel("most")]),
                    FieldPanel("sections"),
                    FieldPanel("topics"),
                    FieldPanel("briefs"),
                ],
                heading=gettext_lazy("What"),
                help_text=gettext_lazy(
                    "The stories since the last edition that none had yet, the newest first: of "
                    "these sections, or on these topics. None chosen: all."
                ),
            ),
            FieldPanel("by_itself"),
            Runs(heading=gettext_lazy("What became of it")),
        ],
        base_form_class=DigestForm,
    )  # fmt: skip


register_snippet(Digests)
