"""The banner as it stands on every page: nothing at all while nothing breaks."""

from django.template.loader import render_to_string
from django.utils import timezone

from nightdesk.fronts.breaking.links import leads_to
from nightdesk.fronts.breaking.models import Banner
from nightdesk.press.dependencies import collection, good_until


def breaking(language: str) -> str:
    now = timezone.now()
    with collection("breaking", language):
        banner = Banner.running(now).filter(locale__language_code=language).first()
    if banner is None:
        return ""
    # The press prints this piece once more then, and finds nothing: nobody has to switch it off.
    good_until(banner.until)
    address = leads_to(banner, now)
    if address is None:
        return ""
    elsewhere = not address.startswith("/")
    return render_to_string(
        "components/breaking.html",
        {"banner": banner, "address": address, "elsewhere": elsewhere},
    )
