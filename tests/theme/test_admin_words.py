"""The newsroom reads Ukrainian, too: every word of ours in the admin is said in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django import forms
from django.test import override_settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import templatize, trans_real
from wagtail.admin.localization import get_available_admin_time_zones
from wagtail.admin.menu import admin_menu, reports_menu, settings_menu
from wagtail.admin.panels import Panel
from wagtail.log_actions import registry as log_registry
from wagtail.models import get_page_models
from wagtail.snippets.models import get_snippet_models

import nightdesk

ROOT = Path(nightdesk.__file__).parent
FOLDER = ROOT / "theme/locale-desk/uk/LC_MESSAGES"
#: Names, which are the same in both.
SAME = frozenset({"Nightdesk", "CDN"})

_ONE = re.compile(r"_|gettext(_lazy|_noop)?")
_SEVERAL = re.compile(r"ngettext(_lazy|_noop)?")
_OF_CONTEXT = re.compile(r"pgettext(_lazy)?")
_FILLED_IN = re.compile(r"%\(\w+\)[sd]|%s|\{\w+\}")


def said_in(python: str) -> set[tuple[str, str, str]]:
    """(context, words, words for several) of every call that translates."""
    found = set()
    for node in ast.walk(ast.parse(python)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        words = [each.value if isinstance(each, ast.Constant) else None for each in node.args]
        if _ONE.fullmatch(name) and words and isinstance(words[0], str):
            found.add(("", words[0], ""))
        elif _SEVERAL.fullmatch(name) and isinstance(words[0], str):
            found.add(("", *words[:2]))
        elif _OF_CONTEXT.fullmatch(name):
            found.add((*words[:2], ""))
    return found


def rooms() -> list[str]:
    folders = {path.name for path in ROOT.iterdir() if path.is_dir()}
    return sorted(folders - {"__pycache__"})


def words_of(room: str) -> dict[tuple[str, str, str], str]:
    """What one room says → where."""
    found = {}
    for path in sorted((ROOT / room).rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            said = said_in(path.read_text("utf-8"))
        elif path.suffix in (".html", ".txt") and "templates" in path.parts:
            said = said_in(_calls(templatize(path.read_text("utf-8"), origin=str(path))))
        else:
            continue
        found |= dict.fromkeys(said, path.relative_to(ROOT).as_posix())
    return found


def _calls(templatized: str) -> str:
    """Django leaves of a template calls between rows of X, which is no Python."""
    calls = re.findall(
        r"""n?p?gettext\((?:[^'"()]|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")*\)""", templatized
    )
    return "\n".join(call.replace(",count)", ", 1)") for call in calls)


@pytest.fixture(scope="module")
def ukrainian():
    return trans_real.translation("uk")


@pytest.mark.parametrize("room", rooms())
def test_every_word_is_said_in_ukrainian(room, ukrainian):
    missing = []
    for (context, one, several), where in words_of(room).items():
        if one in SAME or not re.search("[a-z]", _FILLED_IN.sub("", one)):
            continue
        if several:
            said = ukrainian.ngettext(one, several, 5)
        elif context:
            said = ukrainian.pgettext(context, one)
        else:
            said = ukrainian.gettext(one)
        if said in (one, several):
            missing.append(f"{where}: {one!r}")
    assert not missing, "\n".join(missing)


def test_a_month_stands_in_the_case_that_a_day_wants():
    """“28 березня”, not “28 Березень”: E where a day stands before it, in every language."""
    wrong = re.compile(r"""["'][^"']*\bj F\b""")
    found = [
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*")
        if path.suffix in (".py", ".html", ".txt") and wrong.search(path.read_text("utf-8"))
    ]
    assert found == ["theme/dates.py"]  # of languages that have one case


def test_the_words_are_found_at_all():
    assert len(words_of("stories")) > 150
    assert len(words_of("takedown")) > 50
    assert ("", "%(lines)s line is the same", "%(lines)s lines are the same") in words_of("editing")
    assert ("workflow", "Review", "") in words_of("stories")


def _catalogue() -> list[tuple[list[str], list[str]]]:
    """(msgid and plural, translations) of each entry."""
    entries = []
    for block in (FOLDER / "django.po").read_text("utf-8").split("\n\n")[1:]:
        asked = re.findall(r'^msgid(?:_plural)? (".*")$', block, re.M)
        said = re.findall(r'^msgstr(?:\[\d\])? (".*")$', block, re.M)
        if asked and asked != ['""']:
            entries.append(([*map(ast.literal_eval, asked)], [*map(ast.literal_eval, said)]))
    return entries


def test_what_is_filled_in_is_filled_in_there_too():
    assert len(_catalogue()) > 500
    for asked, said in _catalogue():
        wanted = sorted(_FILLED_IN.findall(asked[-1]))
        assert len(said) == (1 if len(asked) == 1 else 4), asked
        for one in said:
            assert one and sorted(_FILLED_IN.findall(one)) == wanted, (asked, one)


def test_the_compiled_words_are_those_of_the_catalogue():
    compiled = trans_real.gettext_module.translation(
        "django", str(FOLDER.parents[1]), languages=["uk"]
    )._catalog
    assert {one for _asked, said in _catalogue() for one in said} == set(compiled.values()) - {
        compiled[""]
    }


def test_an_editor_who_reads_ukrainian_gets_it(signed_in):
    from wagtail.users.models import UserProfile

    client = signed_in("desk-chief")
    UserProfile.objects.create(user=client.user, preferred_language="uk")
    with override_settings(LANGUAGE_CODE="en"):
        page = client.get("/admin/taken-down/").content.decode()
    assert "Нічого не вилучено." in page and "Nothing has been taken down." not in page
    # Wagtail's sentence with a name of ours in it: without "Додати тема".
    topics = client.get("/admin/snippets/stories/topic/").content.decode()
    assert "Додати: тема" in topics and "Додати тема" not in topics
    with translation.override("uk"):
        assert translation.ngettext("%(counter)s entry.", "%(counter)s entries.", 22).startswith(
            "%(counter)s записи"
        )


_LATIN = re.compile("[A-Za-z]{3,}")
#: Wagtail's own of every page, in words that we do not choose; examples; what has no other name.
_NOT_OURS = re.compile(
    "slug|seo_title|comment|bahk-MOOT|Europe/Ky|English|Bulk actions|URL|Choose a page|comments"
)


def in_latin(name: str, *words: object) -> list[str]:
    said = [str(each) for each in words if each]
    return [
        f"{name}: {each}"
        for each in said
        if _LATIN.search(each) and not _NOT_OURS.search(f"{name} {each}")
    ]


def what_a_form_says(form: forms.BaseForm, where: str) -> Iterator[str]:
    for name, field in form.fields.items():
        if isinstance(field.widget, forms.HiddenInput):
            continue
        yield from in_latin(f"{where}.{name}", field.label or name, field.help_text)
        buttons = ("choose_one_text", "choose_another_text", "link_to_chosen_text")
        yield from in_latin(
            f"{where}.{name}", *(getattr(field.widget, each, "") for each in buttons)
        )
        if not isinstance(field, forms.ModelChoiceField):
            labels = (label for _value, label in getattr(field, "choices", ()))
            yield from in_latin(f"{where}.{name}", *labels)


def what_panels_say(panel: Panel, where: str) -> Iterator[str]:
    for each in getattr(panel, "children", ()):
        said = (getattr(each, part, "") for part in ("heading", "help_text", "label"))
        yield from in_latin(f"{where}, {type(each).__name__}", *said)
        yield from what_panels_say(each, where)


@pytest.mark.django_db
def test_every_form_and_list_asks_in_ukrainian_whoever_opened_it_first(rf):
    """Also where a label is made of a field's name, or of words that nobody wrote here."""
    left = []
    snippets = [
        model for model in get_snippet_models() if model.__module__.startswith("nightdesk.")
    ]
    pages = [model for model in get_page_models() if model.__module__.startswith("nightdesk.")]
    assert len(snippets) > 8 and len(pages) > 2
    handlers = [model.snippet_viewset.get_edit_handler() for model in snippets]
    handlers += [model.get_edit_handler() for model in pages]
    with translation.override("en"):
        made = [
            (model, handler, handler.get_form_class()(instance=model()))
            for model, handler in zip([*snippets, *pages], handlers, strict=True)
        ]
    with translation.override("uk"):
        for model, handler, form in made:
            name = model.__name__
            left += in_latin(name, model._meta.verbose_name, model._meta.verbose_name_plural)
            left += what_a_form_says(form, name)
            for part, formset in form.formsets.items():
                left += what_a_form_says(formset.empty_form, f"{name}.{part}")
            left += what_panels_say(handler, name)
        for model in snippets:
            viewset = model.snippet_viewset
            index = viewset.index_view_class(**viewset.get_index_view_kwargs())
            index.setup(rf.get("/"))
            if isinstance(viewset.list_display, list):
                labels = [getattr(each, "label", "") for each in viewset.list_display]
                left += in_latin(f"{model.__name__}, list", *labels)
            filters = getattr(index.filterset_class, "base_filters", {})
            for name, each in filters.items():
                left += in_latin(f"{model.__name__}, filter", each.label or name)
    assert sorted(set(left)) == []


def test_what_is_named_once_for_all_editors_is_said_in_the_language_of_each():
    """Menus and the log's verbs are made once in a process: in words that wait for who reads them,
    or whoever opened the admin first decides for everybody."""
    menus = [admin_menu, reports_menu, settings_menu]
    items = [item for menu in menus for item in menu.registered_menu_items]
    ours = [item for item in items if type(item).__module__.startswith("nightdesk.")]
    assert len(ours) > 5
    said_once = [repr(item.label) for item in ours if not isinstance(item.label, Promise)]
    assert said_once == []

    log_registry.scan_for_actions()
    verbs = [verb for verb in log_registry.formatters if not verb.startswith("wagtail")]
    formatters = [log_registry.formatters[verb] for verb in verbs]
    assert len(formatters) > 20
    said_once = [
        repr(words)
        for formatter in formatters
        for words in (formatter.label, formatter.message)
        if words and isinstance(words, str)
    ]
    assert said_once == []


def test_a_day_and_its_month_agree():
    """ "28 листопада", not "28 Листопад": Django has the second form for F, M and N."""
    wrong = [
        f"{path.relative_to(ROOT)}: {found[1]}"
        for path in sorted([*ROOT.rglob("*.py"), *ROOT.rglob("*.html")])
        for found in re.finditer(
            r"""["']((?:[lD], )?[jd] [FMN]\b[^"']*)["']""", path.read_text("utf-8")
        )
        # Arabic has one form.
        if path.name != "dates.py"
    ]
    assert wrong == []


def test_the_account_offers_only_time_zones_that_browsers_know():
    """At one unknown name Wagtail's script leaves the labels of all that follow as they are."""
    offered = get_available_admin_time_zones()
    assert "Europe/Kyiv" in offered and "UTC" in offered
    assert not {"localtime", "Factory"} & set(offered)
