"""What the worker does for a reader who has gone."""

from __future__ import annotations

import hmac

from django.conf import settings
from django_tasks import task

from nightdesk.mail import mailbox
from nightdesk.newsletters.addresses import NoAddressError, fingerprint, read


@task()
def forget_files(of: str) -> None:
    """Delete the mail that a newsroom without a relay wrote to them. ``of``: the fingerprint of
    their address, because a queue's rows are kept for a while and must not name them."""

    def is_theirs(address: str) -> bool:
        try:
            key = read(address).key
        except NoAddressError:
            return False
        return hmac.compare_digest(fingerprint(key), of)

    mailbox.forget_recipient(settings.DATA / "mail", is_theirs)
