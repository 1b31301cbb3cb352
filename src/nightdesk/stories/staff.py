"""The "Edit post" link, for those who may edit the page they are reading.

Readers' HTML never holds it. The page's script asks here when the staff hint cookie is there.
"""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from wagtail.models import Page

from nightdesk.kernel.ids import asked_id


@never_cache
@require_GET
def edit_link(request: HttpRequest) -> JsonResponse:
    """``?page=ID`` → ``{"url", "label"}``, or ``{}`` for anyone who may not edit it."""
    number = asked_id(request.GET.get("page", ""))
    if not request.user.is_authenticated or number is None:
        return JsonResponse({})
    page = Page.objects.filter(pk=number).first()
    if page is None or not page.permissions_for_user(request.user).can_edit():
        return JsonResponse({})
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return JsonResponse({"url": url, "label": _("Edit post")})
