"""Settings for the test suite: the product's own, over a throw-away data folder."""

import os
import tempfile

os.environ.setdefault("NIGHTDESK_DATA", tempfile.mkdtemp(prefix="nightdesk-tests-"))
os.environ.setdefault("NIGHTDESK_LANGUAGES", "en,uk,ar")
os.environ.setdefault("NIGHTDESK_TIME_ZONE", "Europe/Kyiv")
# Second factors have tests of their own, which say "required".
os.environ.setdefault("NIGHTDESK_SECOND_FACTOR", "offered")
os.environ.setdefault("NIGHTDESK_NAME", "The Test Post")

from nightdesk.settings.site import *  # noqa: F403
from nightdesk.settings.site import DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["*"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, because the live server of the browser tests answers in several threads, and each
    # needs its own connection and transactions. Nothing in it has to survive a power cut.
    DATABASES["default"]["TEST"] = {"NAME": DATA / "test.db"}  # noqa: F405
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    )
