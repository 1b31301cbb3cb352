"""The story's form, grouped by the order in which an editor thinks."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    PageChooserPanel,
    PublishingPanel,
)

WHAT = [
    FieldPanel("title", heading=_("Headline"), classname="title"),
    FieldPanel("standfirst"),
    FieldPanel("body"),
    InlinePanel("bylines", heading=_("Who signs it"), label=_("byline")),
    MultiFieldPanel(
        [FieldPanel("lead_picture"), FieldPanel("lead_caption")], heading=_("Lead picture")
    ),
    FieldPanel("topics"),
    FieldRowPanel([FieldPanel("kicker"), FieldPanel("kind"), FieldPanel("dateline")]),
    FieldPanel("update_matters"),
]

WHERE_SHOWN = [
    InlinePanel(
        "related",
        heading=_("Read next"),
        label=_("story"),
        help_text=_("Filled up with stories on the same topics when the story is published."),
    ),
    MultiFieldPanel(
        [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
        heading=_("Search engines"),
    ),
]

WHEN = [PublishingPanel()]

BYLINE = [FieldRowPanel([FieldPanel("author"), FieldPanel("desk")])]

RELATED = [PageChooserPanel("story", "stories.StoryPage")]
