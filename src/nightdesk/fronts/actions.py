"""Open a newsroom: the home page and first section of each of its languages."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import override
from wagtail.models import Locale, Page, Site

from nightdesk.fronts.models import EditorsPicks, HomePage
from nightdesk.people.roles import set_up_roles
from nightdesk.stories.models import SectionPage
from nightdesk.stories.review import set_up_review


@transaction.atomic
def open_newsroom(name: str, languages: Sequence[str], section: str = "News") -> HomePage:
    """Make what a newsroom needs to publish its first story. Safe to run again: it adds what is
    missing (a language, say) and changes nothing that is there.

    Returns the main language's home page.
    """
    home = _home(name, languages[0])
    if not home.get_children().exists():
        _add_section(home, section)
    site, _made = Site.objects.get_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "root_page": home, "site_name": name},
    )
    if site.root_page_id != home.pk:
        former, site.root_page, site.site_name = site.root_page, home, name
        site.save()
        if former.specific_class is Page and not former.get_children().exists():
            former.delete()
    for language in languages[1:]:
        _home(name, language, home)
    _boards(languages)
    set_up_roles()
    set_up_review()
    return HomePage.objects.get(pk=home.pk)


def _boards(languages: Sequence[str]) -> None:
    """Editors' Picks, one board a language, known as translations of one another."""
    first = EditorsPicks.objects.order_by("pk").first()
    key = first.translation_key if first else uuid.uuid4()
    for locale in Locale.objects.filter(language_code__in=languages):
        EditorsPicks.objects.get_or_create(locale=locale, defaults={"translation_key": key})


def _home(name: str, language: str, translation_of: HomePage | None = None) -> HomePage:
    locale, _made = Locale.objects.get_or_create(language_code=language)
    home = HomePage.objects.filter(locale=locale).first()
    if home:
        return home
    home = HomePage(title=name, slug=f"home-{language}", locale=locale)
    if translation_of:
        home.translation_key = translation_of.translation_key
    return Page.get_first_root_node().add_child(instance=home)


def _add_section(home: HomePage, name: str) -> SectionPage:
    with override(home.locale.language_code):
        slug = slugify(name, allow_unicode=True)
    return home.add_child(instance=SectionPage(title=name, slug=slug, locale=home.locale))
