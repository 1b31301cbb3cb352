"""The story's form, grouped by the order in which an editor thinks: what, who, where, when."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    CommentPanel,
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.admin.widgets import AdminAutoHeightTextInput

from nightdesk.stories.forms import TopicPicker

WHAT = [
    TitleFieldPanel(
        "title",
        heading=_("Headline"),
        placeholder=_("Headline"),
        widget=AdminAutoHeightTextInput({"rows": 1}),
    ),
    FieldPanel("standfirst"),
    FieldPanel("update_matters", classname="desk-update"),
    MultiFieldPanel(
        [FieldPanel("lead_picture", heading=_("Picture")), FieldPanel("lead_caption")],
        heading=_("Lead picture"),
    ),
    FieldPanel("body", heading=_("Body")),
    InlinePanel("bylines", heading=_("Who signs it"), label=_("Name")),
    FieldRowPanel([FieldPanel("kind"), FieldPanel("kicker"), FieldPanel("dateline")]),
    InlinePanel(
        "corrections",
        heading=_("Corrections"),
        label=_("Correction"),
        help_text=_(
            "What you tell readers about a mistake or a change. It is published with the story, "
            "moves its “Updated” time, and is listed under Corrections."
        ),
    ),
]

WHERE_SHOWN = [
    FieldPanel("topics", widget=TopicPicker),
    InlinePanel(
        "related",
        heading=_("Read next"),
        label=_("Story"),
        help_text=_(
            "Your choice comes first. Empty places are filled with stories on the same topics "
            "when the story is published."
        ),
    ),
    MultiFieldPanel(
        [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
        heading=_("Address and search engines"),
    ),
]

WHEN = [FieldPanel("embargo_until", heading=_("Embargo until")), PublishingPanel()]

#: Notes on a passage, in the margin.
NOTES = [CommentPanel()]


def form() -> TabbedInterface:
    """The whole form. The schedule in ``WHEN`` and the notes draw nothing themselves: they give the
    side panels what they show."""
    return TabbedInterface(
        [
            ObjectList([*WHAT, *WHEN, *NOTES], heading=_("Story")),
            ObjectList(WHERE_SHOWN, heading=_("Where shown")),
        ]
    )


BYLINE = [FieldRowPanel([FieldPanel("author"), FieldPanel("desk")])]

RELATED = [FieldPanel("story")]

CORRECTION = [
    FieldRowPanel([FieldPanel("kind"), FieldPanel("place")]),
    FieldPanel("words"),
    FieldPanel("at"),
]
