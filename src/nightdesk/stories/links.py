"""Links from a story's text to other pages of the site."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.html import escape
from wagtail import hooks
from wagtail.models import Page
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.rich_text.pages import PageLinkHandler

from nightdesk.press.public import public

#: What an address is made of. More would print every text with a link to a story anew whenever the
#: story gets another headline.
_PLACE = ("url_path", "content_type_id", "locale__language_code")


class PublicPageLinks(PageLinkHandler):
    """A link to a page that readers cannot open yet is no link.

    Wagtail's own handler writes the address of any page, so a link to a draft told readers the
    words of its headline, and led nowhere. The words of the link stay.
    """

    @classmethod
    def get_many(cls, attrs_list: list[dict]) -> list[Page | None]:
        wanted = [attrs.get("id") for attrs in attrs_list]
        ids = [number for number in wanted if str(number).isdecimal()]
        pages = (
            public(Page.objects.live()).filter(pk__in=ids).select_related("locale").only(*_PLACE)
        )
        by_id = {str(page.pk): page for page in pages}
        return [by_id.get(str(number)) for number in wanted]

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict]) -> list[str]:
        addresses = [page.url if page else None for page in cls.get_many(attrs_list)]
        return [f'<a href="{escape(url)}">' if url else "<a>" for url in addresses]

    @classmethod
    def extract_references(cls, attrs: dict) -> Iterator[tuple]:
        """Wagtail's own raises KeyError for a link that names no page."""
        if str(attrs.get("id")).isdecimal():
            yield from super().extract_references(attrs)


@hooks.register("register_rich_text_features", order=10)
def links_that_readers_can_follow(features: FeatureRegistry) -> None:
    """Take the place of Wagtail's handler, which registers at order 0."""
    features.register_link_type(PublicPageLinks)
