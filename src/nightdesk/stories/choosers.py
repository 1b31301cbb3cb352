"""Choosing a story: newest first across all sections, in one list with a search field."""

from __future__ import annotations

from copy import copy

from django.db.models import F, Model, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.chooser import ChooserViewSet


class NewestFirst:
    """What both views of the chooser list: Wagtail's own would walk the tree of pages."""

    def get_object_list(self) -> QuerySet:
        newest = F("first_published_at").desc(nulls_last=True)
        return self.model_class.objects.select_related("locale").order_by(newest, "-pk")

    @property
    def columns(self) -> list[Column]:
        title, *others = super().columns
        return [title, DateColumn("first_published_at", label=_("Published")), *others]


class ChooseStory(NewestFirst, ChooseView):
    pass


class ChooseStoryResults(NewestFirst, ChooseResultsView):
    pass


class StoryChooserViewSet(ChooserViewSet):
    model = "stories.StoryPage"
    icon = "doc-full"
    choose_one_text = _("Choose a story")
    choose_another_text = _("Choose another story")
    edit_item_text = _("Edit this story")
    choose_view_class = ChooseStory
    choose_results_view_class = ChooseStoryResults


story_chooser = StoryChooserViewSet("story_chooser", url_prefix="choose-story")


class StoryChooserBlock(
    story_chooser.get_block_class(
        name="StoryChooserBlock", module_path="nightdesk.stories.choosers"
    )
):
    """Fetches of the chosen stories what a card shows. With their texts, as Wagtail's own does, a
    story's page would be printed anew whenever the text of one that it leads to is corrected."""

    def bulk_to_python(self, values: list[int | None]) -> list[Model | None]:
        stories = self.model_class.objects.defer(*self.model_class.INSIDE).in_bulk(values)
        return [copy(stories[pk]) if pk in stories else None for pk in values]
