"""Django's view of the settings table. Read by ``DJANGO_SETTINGS_MODULE=nightdesk.settings.site``."""

from __future__ import annotations

import zoneinfo
from pathlib import Path
from urllib.parse import urlsplit

from nightdesk.kernel.sqlite import use_fixed_sqlite

use_fixed_sqlite()

import dj_database_url  # noqa: E402

from nightdesk.settings.table import LANGUAGES as ALL_LANGUAGES  # noqa: E402
from nightdesk.settings.table import Settings  # noqa: E402

NIGHTDESK = Settings()
DATA = NIGHTDESK.data
PACKAGE = Path(__file__).resolve().parent.parent


def _secret_key() -> str:
    """The newsroom's key; without one (a command that opens no newsroom), a throw-away key: it
    signs nothing that outlives the process."""
    import secrets

    return NIGHTDESK.secret_key or secrets.token_urlsafe(60)


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = list(NIGHTDESK.hosts)
PUBLIC_URL = NIGHTDESK.public_url
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    # First, because it listens first: when the press tells that an address has moved, the redirect
    # must be there, or the press finds nothing at the old address and forgets it.
    "wagtail.contrib.redirects",
    "nightdesk.theme",
    "nightdesk.exchange",
    "nightdesk.demo",
    "nightdesk.fronts",
    "nightdesk.syndication",
    "nightdesk.reading",
    "nightdesk.newsletters",
    "nightdesk.narration",
    "nightdesk.coverage",
    "nightdesk.briefs",
    "nightdesk.checking",
    "nightdesk.stories",
    "nightdesk.audit",
    "nightdesk.people",
    "nightdesk.editing",
    "allauth.account",
    "allauth.mfa",
    "nightdesk.media",
    "nightdesk.takedown",
    "nightdesk.mail",
    "nightdesk.press",
    "nightdesk.jobs",
    "wagtail.contrib.table_block",
    "wagtail.contrib.simple_translation",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
]
AUTH_USER_MODEL = "people.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "nightdesk.editing.packed.PackedForTheNewsroom",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "nightdesk.audit.freezing.Frost",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "nightdesk.audit.stamp.KnowTheSession",
    "nightdesk.stories.language.LanguageFromAddress",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "nightdesk.press.nothing_saved.DatabaseInPlace",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "nightdesk.people.sign_in.standing.WholeSignInsOnly",
    "nightdesk.people.staff_hint.StaffHint",
    "nightdesk.editing.kept.KeptInTheBrowser",
    "nightdesk.people.sessions.NoteSessions",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "nightdesk.press.awaiting.ReadYourOwnWrite",
    "nightdesk.stories.desk.hold_back.EmbargoInWords",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "nightdesk.takedown.desk.refusing.SayWhyRefused",
    "nightdesk.reading.moved.MovedPages",
    "nightdesk.syndication.robots.StayAway",
]

ROOT_URLCONF = "nightdesk.run.urls"
WSGI_APPLICATION = "nightdesk.run.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

if NIGHTDESK["DATABASE_URL"]:
    DATABASES = {
        "default": dj_database_url.parse(
            NIGHTDESK["DATABASE_URL"], conn_max_age=600, conn_health_checks=True
        )
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "site.db",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                # Without IMMEDIATE two editors lose to "database is locked" nine times in ten;
                # FULL keeps the last commits through a power cut; mmap is never switched on.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    }

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "nightdesk_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "nightdesk_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
_https = urlsplit(PUBLIC_URL).scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"

# Only the newsroom has accounts, and only the newsroom makes them: of allauth we use the steps of
# a sign-in, one-time codes and passkeys. Its limits are off: the newsstand counts tries, and lets
# no stranger lock an editor out (newsstand/gate.py).
SECOND_FACTOR = NIGHTDESK["NIGHTDESK_SECOND_FACTOR"]
ACCOUNT_ADAPTER = "nightdesk.people.sign_in.adapters.Accounts"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_SIGNUP_ENABLED = False
ACCOUNT_RATE_LIMITS = False
MFA_ADAPTER = "nightdesk.people.sign_in.adapters.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = False
MFA_TOTP_TOLERANCE = 1
LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = "/admin/login/"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]

LANGUAGE_CODE = NIGHTDESK.languages[0]
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [
    (code, ALL_LANGUAGES[code]) for code in NIGHTDESK.languages
]
LOCALE_PATHS = [PACKAGE / "theme" / "locale", PACKAGE / "theme" / "locale-desk"]
TIME_ZONE = NIGHTDESK["NIGHTDESK_TIME_ZONE"]
USE_TZ = True
READING_SPEED = NIGHTDESK["NIGHTDESK_READING_SPEED"]
VOICES = NIGHTDESK["NIGHTDESK_VOICES"]

STATIC_URL = "/static/"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
MEDIA_ROOT = DATA / "media"
MEDIA_URL = "/media/"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

EMAIL_BACKEND = "nightdesk.mail.backend.Queue"
DEFAULT_FROM_EMAIL = NIGHTDESK["NIGHTDESK_MAIL_FROM"] or f"noreply@{urlsplit(PUBLIC_URL).hostname}"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

WAGTAIL_SITE_NAME = NIGHTDESK["NIGHTDESK_NAME"]
WAGTAILADMIN_BASE_URL = PUBLIC_URL
WAGTAIL_I18N_ENABLED = True
# Without the machine's own "localtime", at whose name browsers stumble over the whole list.
WAGTAIL_USER_TIME_ZONES = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})
WAGTAILADMIN_USER_PASSWORD_RESET_FORM = "nightdesk.people.password_reset.PasswordResetForm"
WAGTAILIMAGES_IMAGE_MODEL = "media.Picture"
WAGTAILIMAGES_IMAGE_FORM_BASE = "nightdesk.media.forms.PictureForm"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = NIGHTDESK["NIGHTDESK_PICTURE_MEGABYTES"] * 1024 * 1024
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_AUTO_UPDATE_PREVIEW = True
WAGTAIL_ALLOW_UNICODE_SLUGS = True
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAILADMIN_COMMENTS_ENABLED = True
WAGTAIL_WORKFLOW_ENABLED = True
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_FINISH_WORKFLOW_ACTION = "nightdesk.stories.after_review.publish_nothing"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(name)s: %(message)s", "datefmt": "%H:%M:%S"}},
    "filters": {"short_paths": {"()": "nightdesk.kernel.private_log.ShortPaths"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["short_paths"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "nightdesk": {"level": "INFO"},
        # A page that is not there is the reader's business, and a flood of them our disk's.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
