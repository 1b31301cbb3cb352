"""The newsroom reads Ukrainian, too: every word of ours in the admin is said in it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.test import override_settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import templatize, trans_real
from wagtail.admin.menu import admin_menu, reports_menu, settings_menu
from wagtail.log_actions import registry as log_registry

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
    with translation.override("uk"):
        assert translation.ngettext("%(counter)s entry.", "%(counter)s entries.", 22).startswith(
            "%(counter)s записи"
        )


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
