"""A form's rows (bylines, picks, read next) mean what they meant when the form was made.

Each row names the database row it came from. Somebody else's save may have removed that one, or
added others; bound to their version, the form would fail on the first and keep the second.
"""

from __future__ import annotations

from django.db.models import Model
from django.http import QueryDict

#: Wagtail's comments are a conversation, not a list that one editor owns: others' stay.
_CONVERSATION = "comments"


def as_sent(thing: Model, form_class: type, sent: QueryDict) -> QueryDict:
    """``thing`` gets exactly the rows that ``sent`` speaks of; returns what to bind to it."""
    sent = sent.copy()
    for prefix, formset in getattr(form_class, "formsets", {}).items():
        total = sent.get(f"{prefix}-TOTAL_FORMS", "")
        if not total.isdecimal():
            continue
        keys = [f"{prefix}-{number}-id" for number in range(int(total))]
        named = {sent[key] for key in keys if sent.get(key, "").isdecimal()}
        manager = getattr(thing, formset.fk.remote_field.get_accessor_name())
        if prefix == _CONVERSATION:
            here = {str(row.pk) for row in manager.all()}
        else:
            still = formset.model._default_manager.filter(
                **{formset.fk.name: thing.pk, "pk__in": named}
            )
            manager.set(list(still))
            here = {str(row.pk) for row in still}
        for key in keys:
            if sent.get(key) and sent[key] not in here:
                sent[key] = ""
                if prefix == _CONVERSATION:
                    sent[key.removesuffix("id") + "DELETE"] = "on"
    return sent
