"""Mail in a newsroom as it is installed: from whoever posts it to the folder."""

from __future__ import annotations

import pytest

from .conftest import nightdesk

pytestmark = pytest.mark.fault

_POST = """
from django.core.mail import send_mail
print(send_mail("A new password", "Here", None, ["olena@example.org"]))
"""


def test_a_mail_is_in_the_folder_a_moment_after_it_was_posted(running):
    data = str(running.data)
    done = nightdesk("django", "shell", "--no-imports", "-c", _POST, NIGHTDESK_DATA=data)
    assert done.stdout.strip().endswith("1"), done.stderr
    running.wait_for(lambda: list(running.data.glob("mail/*.eml")))
    [file] = running.data.glob("mail/*.eml")
    assert b"Subject: A new password" in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    told = nightdesk("mail", "status", "--data", data)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "sender   works" in told.stdout and "1 sent" in told.stdout
