"""Settings for the test suite: the product's own, over a throw-away data folder."""

import os
import tempfile

os.environ.setdefault("NIGHTDESK_DATA", tempfile.mkdtemp(prefix="nightdesk-tests-"))
os.environ.setdefault("NIGHTDESK_LANGUAGES", "en,uk,ar")
os.environ.setdefault("NIGHTDESK_TIME_ZONE", "Europe/Kyiv")
os.environ.setdefault("NIGHTDESK_NAME", "The Test Post")

from nightdesk.settings.site import *  # noqa: F403
from nightdesk.settings.site import DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["*"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # The browser tests' live server shares the connection's file between threads.
    DATABASES["default"]["TEST"] = {"NAME": None}
