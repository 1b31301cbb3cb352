"""Pictures in the admin."""

from django.urls import URLPattern, path
from django.views.generic import RedirectView
from wagtail import hooks


@hooks.register("register_admin_urls")
def one_form_for_a_picture() -> list[URLPattern]:
    """Wagtail's many-files page stores the untouched upload until its form is filled in. A
    picture here is added together with what it shows and whose it is."""
    add = RedirectView.as_view(pattern_name="wagtailimages:add")
    return [path("images/multiple/add/", add)]
