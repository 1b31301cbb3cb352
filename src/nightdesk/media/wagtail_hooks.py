"""Pictures in the admin."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.utils.functional import cached_property
from django.views.generic import RedirectView
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.images.views.images import EditView

from nightdesk.takedown.desk import buttons


class EditPicture(EditView):
    """Wagtail's form of a picture has no hook for a button."""

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        taking_down = buttons.in_its_head(self.object, self.request.user)
        return [*super().header_more_buttons, *taking_down]


@hooks.register("register_admin_urls")
def form_of_a_picture() -> list[URLResolver]:
    """In the place of Wagtail's, and within its name: see ``run.transactions.SLOW``."""
    edit = path("<int:image_id>/", EditPicture.as_view(), name="edit")
    return [path("images/", include(([edit], "wagtailimages"), namespace="pictures"))]


@hooks.register("register_admin_urls")
def one_form_for_a_picture() -> list[URLPattern]:
    """Wagtail's many-files page stores the untouched upload until its form is filled in. A
    picture here is added together with what it shows and whose it is."""
    add = RedirectView.as_view(pattern_name="wagtailimages:add")
    return [path("images/multiple/add/", add)]
