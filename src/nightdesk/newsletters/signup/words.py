"""What readers read around a form: a newsletter's own words where it has some, else its language's.

Those beside the button are kept as proof of what was agreed to (``as_seen``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override

from nightdesk.newsletters.models import Newsletter


@dataclass(frozen=True)
class Words:
    label: str
    required: str
    button: str
    invalid: str
    title: str
    accepted: str


def words_of(newsletters: Sequence[Newsletter], language: str) -> Words:
    """For a form that offers these. Several share one form, and so the language's words."""
    with override(language):
        thanks = (
            _("Thank you for signing up for this newsletter. We’ve sent you a confirmation email.")
            if len(newsletters) == 1
            else _("Thank you for signing up. We’ve sent you a confirmation email.")
        )
        words = Words(
            label=_("Enter your email to subscribe"),
            required=_("indicates required"),
            button=_("Subscribe"),
            invalid=_("Please, enter correct email address"),
            title=_("Successfully subscribed"),
            accepted=thanks,
        )
    if len(newsletters) != 1:
        return words
    own = newsletters[0]
    return Words(
        label=own.label_words or words.label,
        required=own.required_words.removeprefix("*").strip() or words.required,
        button=own.button_words or words.button,
        invalid=own.invalid_words or words.invalid,
        title=own.accepted_title or words.title,
        accepted=own.accepted_words or words.accepted,
    )


def as_seen(newsletters: Sequence[Newsletter], words: Words) -> str:
    """The proof: which newsletters were named, how they were described, what the button said."""
    named = [f"{row.name}: {row.description} ({row.schedule_text})" for row in newsletters]
    return "\n".join([*named, words.label, f"* {words.required}", f"[{words.button}]"])


def after_sending(language: str) -> str:
    """Below the thanks."""
    with override(language):
        return _(
            "Open it and press Confirm. No email after a few minutes? Look in your spam folder."
        )


def while_mail_waits(language: str) -> str:
    """Instead of the thanks, while no mail leaves this server."""
    with override(language):
        return _("Thank you. Your confirmation email will follow as soon as our mail works again.")
