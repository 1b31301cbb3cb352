"""What an edition is composed of. Stories and briefs are named, not copied: what readers get is
what those say when the edition is made (`nightdesk.newsletters.editions.contents`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from nightdesk.stories.choosers import StoryChooserBlock

#: What a mail program shows everywhere.
TEXT_FEATURES = ["bold", "italic", "ol", "ul", "link"]
#: Editors' Picks in an edition.
MOST_PICKS = 10


class StoryBlock(blocks.StructBlock):
    """A story: its headline, standfirst and picture, unless the editor has words of their own."""

    story = StoryChooserBlock(label=_("Story"))
    headline = blocks.CharBlock(
        label=_("Own headline"), required=False, max_length=255, help_text=_("Empty: the story's.")
    )
    words = blocks.TextBlock(
        label=_("Own words"),
        required=False,
        rows=3,
        max_length=2000,
        help_text=_("Empty: the story's standfirst."),
    )
    picture = blocks.BooleanBlock(label=_("With its picture"), required=False, default=True)

    class Meta:
        icon = "doc-full"
        label = _("Story")


class BriefBlock(blocks.StructBlock):
    """A brief of the News Feed, whole."""

    brief = SnippetChooserBlock("briefs.Brief", label=_("Brief"))

    class Meta:
        icon = "comment"
        label = _("Brief")


class PictureBlock(blocks.StructBlock):
    picture = ImageChooserBlock(label=_("Picture"))
    caption = blocks.CharBlock(
        label=_("Caption"),
        required=False,
        max_length=500,
        help_text=_("Empty: the picture's own caption."),
    )
    credit = blocks.CharBlock(
        label=_("Credit"),
        required=False,
        max_length=200,
        help_text=_("Empty: the picture's own credit."),
    )
    decorative = blocks.BooleanBlock(
        label=_("Only an ornament"),
        required=False,
        help_text=_("It says nothing that readers who do not see it would miss."),
    )

    class Meta:
        icon = "image"
        label = _("Picture")


class PicksBlock(blocks.StructBlock):
    """Editors' Picks as a list of links. Those of the board are filled in when it is made."""

    heading = blocks.CharBlock(
        label=_("Heading"), required=False, max_length=120, help_text=_("Empty: “Editors' Picks”.")
    )
    count = blocks.IntegerBlock(label=_("How many"), default=5, min_value=1, max_value=MOST_PICKS)
    stories = blocks.ListBlock(
        StoryChooserBlock(label=_("Story")),
        label=_("Stories"),
        default=[],
        max_num=MOST_PICKS,
        help_text=_("Empty: the picks on the board when the edition is sent."),
    )

    class Meta:
        icon = "pick"
        label = _("Editors' Picks")


class EditionBody(blocks.StreamBlock):
    story = StoryBlock()
    brief = BriefBlock()
    heading = blocks.CharBlock(label=_("Heading"), icon="title", max_length=120)
    text = blocks.RichTextBlock(label=_("Text"), icon="pilcrow", features=TEXT_FEATURES)
    picture = PictureBlock()
    picks = PicksBlock()
