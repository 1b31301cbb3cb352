"""Django's way to mail: whatever asks it (Wagtail, allauth, our own rooms) gets into the queue.

So a request never waits for a relay, and a mail outlives a relay that is down.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from nightdesk.mail.actions import post

#: Who does not say what a mail is: it is for staff.
STAFF = "staff"


class Queue(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return sum(post(message, kind=STAFF) for message in email_messages)
