"""What a strict policy would drop silently is in no template, and every word can be translated."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.utils import translation
from django.utils.translation import templatize, trans_real

from nightdesk import theme
from nightdesk.stories.corrections import CorrectionKind
from nightdesk.stories.models import Kind

FOLDER = Path(theme.__file__).parent
TEMPLATES = sorted((FOLDER / "templates").rglob("*.html"))
NAMES = [path.relative_to(FOLDER / "templates").as_posix() for path in TEMPLATES]


@pytest.mark.parametrize("name", NAMES)
def test_no_template_holds_what_a_strict_policy_drops(name):
    source = (FOLDER / "templates" / name).read_text("utf-8")
    assert not re.search(r"\sstyle\s*=", source), "use a class"
    assert not re.search(r"<style\b", source), "use assets/css/"
    assert not re.search(r"\son\w+\s*=\s*[\"']", source), "use assets/js/"
    for script in re.findall(r"<script\b[^>]*>", source):
        assert "src=" in script or "application/ld+json" in script
    assert not re.search(r"""(?:src|href|action)\s*=\s*["']https?:""", source), "a third party"


@pytest.mark.parametrize("name", NAMES)
def test_every_template_can_be_read(name):
    get_template(name)


def _strings() -> set[str]:
    """Every msgid in templates, contexts included, as gettext keys them."""
    found = set()
    for path in TEMPLATES:
        python = templatize(path.read_text("utf-8"), origin=str(path))
        for context, text in re.findall(
            r"""\bp?gettext\((?:u?'([^']*)',\s*)?u?'((?:[^'\\]|\\.)*)'\)""", python
        ):
            found.add(f"{context}\x04{text}" if context else text)
        for singular in re.findall(r"""\bngettext\(u?'((?:[^'\\]|\\.)*)'""", python):
            found.add(singular)
    return {re.sub(r"\\(.)", r"\1", text) for text in found}


def _compiled() -> dict:
    """Of a plural, one entry for each of its forms."""
    return trans_real.gettext_module.translation(
        "django", str(FOLDER / "locale"), languages=["uk"]
    )._catalog


def _ukrainian() -> dict[str, str]:
    return {key[0] if isinstance(key, tuple) else key: text for key, text in _compiled().items()}


def test_every_word_of_the_theme_is_said_in_ukrainian():
    strings = _strings()
    assert len(strings) > 40
    missing = {text for text in strings if not _ukrainian().get(text)}
    assert not missing


@pytest.mark.parametrize("kind", [str(kind.label) for kind in Kind])
def test_every_kind_of_journalism_is_named_in_ukrainian(kind):
    assert _ukrainian().get(kind)


@pytest.mark.parametrize("kind", CorrectionKind.values)
def test_every_type_of_correction_is_named_in_ukrainian(kind):
    with translation.override("en"):
        english = str(CorrectionKind(kind).label)
    with translation.override("uk"):
        assert str(CorrectionKind(kind).label) != english


def test_the_compiled_words_are_those_of_the_catalogue():
    source = (FOLDER / "locale/uk/LC_MESSAGES/django.po").read_text("utf-8")
    said = re.findall(r'^msgstr(?:\[\d\])? "(.+)"$', source, re.M)
    compiled = set(_compiled().values())
    header = {line for line in said if r"\n" in line}
    assert {line.replace(r"\"", '"') for line in said} - header <= compiled
