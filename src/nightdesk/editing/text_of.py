"""What stands in a form, as lines of text that two editors can compare."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from django import forms
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, InlinePanel, Panel
from wagtail.admin.rich_text import DraftailRichTextArea
from wagtail.rich_text import RichText


@dataclass(frozen=True)
class Field:
    name: str
    label: str
    text: str


def fields_of(form: forms.ModelForm, panel: Panel | None) -> Iterator[Field]:
    """In the order of the form. ``form`` as sent, valid or not, or unbound as it would be shown."""
    for leaf in _leaves(panel) if panel else ():
        if isinstance(leaf, FieldPanel) and leaf.field_name in form.fields:
            name = leaf.field_name
            label = str(leaf.heading or form.fields[name].label or name)
            yield Field(name, label, _field(form, name))
        elif isinstance(leaf, InlinePanel) and leaf.relation_name in form.formsets:
            rows = form.formsets[leaf.relation_name]
            text = "\n".join(line for line in map(_row, _in_order(rows)) if line)
            yield Field(leaf.relation_name, str(leaf.heading), text)


def _leaves(panel: Panel) -> Iterator[Panel]:
    if isinstance(panel, FieldPanel | InlinePanel):
        yield panel
    for child in getattr(panel, "children", ()):
        yield from _leaves(child)


def _in_order(rows: forms.BaseFormSet) -> list[forms.Form]:
    """Those that are not taken out; as sent, in the order that was sent."""
    if not rows.is_bound:
        return list(rows.initial_forms)

    def place(numbered: tuple[int, forms.Form]) -> tuple[int, int]:
        number, row = numbered
        given = row.data.get(row.add_prefix("ORDER"), "")
        return (int(given) if given.isdecimal() else number, number)

    kept = [row for row in rows.forms if not row.data.get(row.add_prefix("DELETE"))]
    return [row for _number, row in sorted(enumerate(kept), key=place)]


def _row(row: forms.ModelForm) -> str:
    hidden = {"id", "ORDER", "DELETE"}
    return " · ".join(
        text for name in row.fields if name not in hidden and (text := _field(row, name))
    )


def _field(form: forms.BaseForm, name: str) -> str:
    field = form.fields[name]
    if not form.is_bound:
        value = form.get_initial_for_field(field, name)
    elif form.is_valid() or name in getattr(form, "cleaned_data", {}):
        value = form.cleaned_data.get(name)
    else:
        value = field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
    return _shown(field, value).strip()


def _shown(field: forms.Field, value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(field, blocks.BlockField):
        return "\n".join(of_block(field.block, value))
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(sorted(_names(field, value)))
    if isinstance(field, forms.ModelChoiceField):
        return ", ".join(_names(field, [value]))
    if isinstance(field, forms.TypedChoiceField | forms.ChoiceField):
        return str(dict(field.choices).get(value, value))
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else _("no")
    if isinstance(field.widget, DraftailRichTextArea):
        return "\n".join(of_html(str(value)))
    return plain(value)


def _names(field: forms.ModelChoiceField, values: Iterable[object]) -> list[str]:
    if isinstance(values, QuerySet):
        return [str(value) for value in values]
    there = [str(value) for value in values if isinstance(value, Model)]
    keys = [value for value in values if not isinstance(value, Model)]
    keys = [key for key in keys if str(key).isdecimal()]
    found = field.queryset.model._default_manager.filter(pk__in=keys) if keys else ()
    return there + [str(value) for value in found]


def plain(value: object) -> str:
    if isinstance(value, datetime.datetime):
        at = timezone.localtime(value) if timezone.is_aware(value) else value
        return date_format(at, "j E Y, H:i")
    return str(value)


def of_block(block: blocks.Block, value: object) -> Iterator[str]:
    """A block's text. Of blocks in blocks each says what it is, plain text excepted."""
    if isinstance(value, blocks.StreamValue):
        for child in value:
            lines = list(of_block(child.block, child.value))
            if not isinstance(child.block, blocks.RichTextBlock) and lines:
                lines[0] = f"{child.block.label}: {lines[0]}"
            yield from lines
    elif isinstance(block, blocks.StructBlock):
        parts = []
        for name, inner in block.child_blocks.items():
            text = "\n".join(of_block(inner, value.get(name)))
            if text:
                parts.append(text)
        yield from "\n".join(parts).split("\n")
    elif isinstance(block, blocks.ListBlock):
        for item in value:
            yield from of_block(block.child_block, item)
    elif isinstance(value, RichText):
        yield from of_html(value.source)
    elif isinstance(value, dict) and isinstance(value.get("data"), list):
        for row in value["data"]:
            yield " | ".join(str(cell or "") for cell in row)
    elif value not in (None, ""):
        yield from str(value).splitlines()


def of_html(source: str) -> list[str]:
    """Rich text with its marks written out, so that a lost link or emphasis is seen too."""
    reader = _RichText()
    reader.feed(source)
    reader.close()
    lines = (re.sub(r"\s+", " ", line).strip() for line in "".join(reader.text).split("\n"))
    return [line for line in lines if line]


class _RichText(HTMLParser):
    _BEFORE = {"h2": "\n## ", "h3": "\n### ", "li": "\n• ", "br": "\n", "hr": "\n———\n"}
    _AROUND = {"b": "**", "strong": "**", "i": "_", "em": "_"}
    _BLOCKS = frozenset({"p", "h2", "h3", "h4", "li", "ul", "ol", "blockquote", "div"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.text.append(self._BEFORE.get(tag) or ("\n" if tag in self._BLOCKS else ""))
        self.text.append(self._AROUND.get(tag, ""))
        if tag == "a":
            given = dict(attrs)
            self._links.append(given.get("href") or f"{given.get('linktype')} {given.get('id')}")

    def handle_endtag(self, tag: str) -> None:
        self.text.append(self._AROUND.get(tag, ""))
        if tag == "a" and self._links:
            self.text.append(f" ({self._links.pop()})")
        if tag in self._BLOCKS:
            self.text.append("\n")

    def handle_data(self, data: str) -> None:
        self.text.append(data.replace("\n", " "))
