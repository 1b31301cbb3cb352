"""What the body of a story is made of."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.images.blocks import ImageChooserBlock

from nightdesk.kernel.text import plain
from nightdesk.stories.choosers import StoryChooserBlock
from nightdesk.stories.embeds import Embed, embed_for

#: What a reporter may bring along in a paste: structure and emphasis, never looks.
TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link"]


class TextBlock(blocks.RichTextBlock):
    """As many paragraphs as the reporter likes. An empty one is dropped, never an error."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**{"features": TEXT_FEATURES, "required": False, **kwargs})

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "stories/blocks/text.html"


class QuoteBlock(blocks.StructBlock):
    """Somebody's words, with who said them and where."""

    text = blocks.TextBlock(label=_("Words"), rows=3)
    speaker = blocks.CharBlock(label=_("Who said it"), required=False)
    role = blocks.CharBlock(label=_("Their role"), required=False)
    source = blocks.CharBlock(
        label=_("Source"), required=False, help_text=_("Where it was said: “as cited by …”.")
    )

    class Meta:
        icon = "openquote"
        label = _("Quote")
        template = "stories/blocks/quote.html"


class PictureValue(blocks.StructValue):
    @property
    def shown_caption(self) -> str:
        return self["caption"] or self["picture"].caption

    @property
    def shown_credit(self) -> str:
        return self["credit"] or self["picture"].credit


class PictureBlock(blocks.StructBlock):
    picture = ImageChooserBlock(label=_("Picture"))
    caption = blocks.CharBlock(
        label=_("Caption"), required=False, help_text=_("Empty: the picture's own caption.")
    )
    credit = blocks.CharBlock(
        label=_("Credit"), required=False, help_text=_("Empty: the picture's own credit.")
    )

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "stories/blocks/picture.html"
        value_class = PictureValue


class FactBoxBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"))
    text = blocks.RichTextBlock(label=_("Text"), features=["bold", "italic", "link", "ul", "ol"])

    class Meta:
        icon = "info-circle"
        label = _("Fact box")
        template = "stories/blocks/fact_box.html"


class EmbedValue(blocks.StructValue):
    @cached_property
    def embed(self) -> Embed | None:
        return embed_for(self["url"])


class EmbedBlock(blocks.StructBlock):
    """A video or chart from elsewhere. Nothing is fetched before the reader clicks."""

    url = blocks.URLBlock(label=_("Address"))
    title = blocks.CharBlock(
        label=_("What it is"), help_text=_("One line, shown before the click.")
    )

    class Meta:
        icon = "media"
        label = _("Embed")
        template = "stories/blocks/embed.html"
        value_class = EmbedValue


class RelatedBlock(blocks.StructBlock):
    """A card for another story, or its headline while that story is not here yet."""

    story = StoryChooserBlock(label=_("Story"), required=False)
    headline = blocks.CharBlock(
        label=_("or its headline"),
        required=False,
        max_length=255,
        help_text=_("A plain “Read also” line until a story with this headline is published."),
    )

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        cleaned = super().clean(value)
        if not cleaned["story"] and not cleaned["headline"]:
            raise blocks.StructBlockValidationError(
                block_errors={"story": ValidationError(_("Choose a story, or type its headline."))}
            )
        return cleaned

    class Meta:
        icon = "link"
        label = _("Related story")
        template = "stories/blocks/related.html"


class StoryTableBlock(TableBlock):
    class Meta:
        icon = "table"
        label = _("Table")
        template = "stories/blocks/table.html"


class BodyBlock(blocks.StreamBlock):
    text = TextBlock()
    related = RelatedBlock()
    quote = QuoteBlock()
    picture = PictureBlock()
    fact_box = FactBoxBlock()
    table = StoryTableBlock()
    embed = EmbedBlock()

    def clean(self, value: blocks.StreamValue, **kwargs: object) -> blocks.StreamValue:
        cleaned = super().clean(value, **kwargs)
        for place in reversed(range(len(cleaned))):
            block = cleaned[place]
            if block.block_type == "text" and not plain(block.value.source).strip():
                del cleaned[place]
        return cleaned
