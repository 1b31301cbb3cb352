"""Ask for a new password, without telling anybody who has an account here.

The mail is written and sent by the worker. The request itself does the same for every address,
known or not: it notes that somebody asked. So its answer, and the time that takes, tell nothing.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm as DjangoForm
from django_tasks import task
from wagtail.admin.forms.auth import PasswordResetForm as WagtailForm

_TEMPLATES = "wagtailadmin/account/password_reset"


class PasswordResetForm(WagtailForm):
    """Wagtail's form; saving it only leaves word for the worker."""

    def save(self, **_how: Any) -> None:
        send_password_reset.enqueue(self.cleaned_data["email"])


@task()
def send_password_reset(email: str) -> None:
    """Mail a link to every active account with this address; the link leads to the public address
    of the site, whatever host was asked for it."""
    form = DjangoForm({"email": email})
    if form.is_valid():
        public = urlsplit(settings.PUBLIC_URL)
        form.save(
            domain_override=public.netloc,
            use_https=public.scheme == "https",
            subject_template_name=f"{_TEMPLATES}/email_subject.txt",
            email_template_name=f"{_TEMPLATES}/email.txt",
        )
