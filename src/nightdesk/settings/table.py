"""Every setting of Nightdesk, in one typed table.

A setting is read from the environment as ``NAME``, else from the file named by ``NAME_FILE``
(for secrets), else from the answers given at the first run (``newsroom.json`` in the data
folder), else its default. ``docs/settings.md`` is generated from this table.
"""

from __future__ import annotations

import json
import os
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from nightdesk.settings import running
from nightdesk.settings.running import Running


class SettingError(ValueError):
    """A setting that cannot be used. The message names it, what it got and what it expects."""


@dataclass(frozen=True)
class Setting:
    name: str
    parse: Callable[[str], Any]
    default: Any
    expects: str
    help: str
    also: tuple[str, ...] = ()
    secret: bool = False


def _text(value: str) -> str:
    return value.strip()


def _some_text(value: str) -> str:
    if not value.strip():
        raise ValueError
    return value.strip()


def _path(value: str) -> Path:
    return Path(_some_text(value)).expanduser()


def _pem_file(value: str) -> Path:
    if "-----BEGIN" in value:  # the key itself, perhaps by TLS_KEY_FILE; it must not be shown
        raise ValueError
    return _path(value)


def _port(value: str) -> int:
    number = int(value)
    if not 1 <= number <= 65535:
        raise ValueError
    return number


def _port_or_off(value: str) -> int:
    return 0 if value.strip().lower() == "off" else _port(value)


def _count(value: str) -> int:
    number = int(value)
    if number < 1:
        raise ValueError
    return number


def _count_or_none(value: str) -> int:
    number = int(value)
    if number < 0:
        raise ValueError
    return number


def _zone(value: str) -> str:
    zoneinfo.ZoneInfo(value)
    return value


def _languages(value: str) -> tuple[str, ...]:
    codes = tuple(code.strip().lower() for code in value.split(",") if code.strip())
    if not codes or len(set(codes)) != len(codes) or not set(codes) <= set(LANGUAGES):
        raise ValueError
    return codes


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
        raise ValueError
    return value.rstrip("/")


#: Is a second factor asked of whoever can publish, or left to each?
SECOND_FACTOR = ("required", "offered")


def _second_factor(value: str) -> str:
    word = value.strip().lower()
    if word not in SECOND_FACTOR:
        raise ValueError
    return word


def _database(value: str) -> str:
    if value and urlsplit(value).scheme not in {"postgres", "postgresql", "sqlite"}:
        raise ValueError
    return value


def _speeds(value: str) -> dict[str, int]:
    speeds: dict[str, int] = {}
    for part in value.split(","):
        language, _, speed = part.strip().rpartition("=")
        speeds[language or "*"] = _count(speed)
    return speeds


def _list(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _hosts(value: str) -> tuple[str, ...]:
    hosts = _list(value)
    if any("/" in host or (":" in host.strip("[]") and not host.startswith("[")) for host in hosts):
        raise ValueError
    return tuple(host.lower() for host in hosts)


def _purge_addresses(value: str) -> tuple[str, ...]:
    return tuple(_url(part) for part in _list(value))


#: What may stand in front of the newsstand and is told when a page has changed.
CDNS = ("varnish", "fastly", "cloudflare", "cloudfront", "http")


def _cdn(value: str) -> str:
    name = value.strip().lower()
    if name not in CDNS:
        raise ValueError
    return name


def _voices(value: str) -> tuple[tuple[str, Path], ...]:
    voices = []
    for part in _list(value):
        language, file = (half.strip() for half in part.split("=", 1))
        if language not in LANGUAGES or not file.endswith((".onnx", ".bin")):
            raise ValueError
        voices.append((language, Path(file).expanduser()))
    return tuple(voices)


def _mail(value: str) -> str:
    if not value:
        return ""
    parts = urlsplit(value)
    port_is_sane = parts.port is None or parts.port > 0  # .port raises for nonsense
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or not port_is_sane:
        raise ValueError
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError
    return value


def _mail_address(value: str) -> str:
    address = value.strip()
    local, at, domain = address.rpartition("@")
    if not at or not local or "." not in domain + "." or any(c.isspace() for c in address):
        raise ValueError
    return address


def _rate(value: str) -> float:
    rate = float(value)
    if not 0 < rate < 1_000_000:
        raise ValueError
    return rate


def _host(value: str) -> str:
    (host,) = _hosts(value)
    return host


#: Mail services that report what became of a mail, by django-anymail's names for them.
MAIL_SERVICES = (
    "amazon_ses",
    "brevo",
    "mailersend",
    "mailgun",
    "mailjet",
    "mandrill",
    "postal",
    "postmark",
    "resend",
    "sparkpost",
    "unisender_go",
)


def _mail_service(value: str) -> str:
    name = value.strip().lower().replace("-", "_")
    if name not in MAIL_SERVICES:
        raise ValueError
    return name


#: Languages that a newsroom can write in, each named in itself.
LANGUAGES = {
    "ar": "العربية",
    "be": "Беларуская",
    "bg": "Български",
    "cs": "Čeština",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fa": "فارسی",
    "fr": "Français",
    "he": "עברית",
    "it": "Italiano",
    "ka": "ქართული",
    "lt": "Lietuvių",
    "lv": "Latviešu",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "ru": "Русский",
    "tr": "Türkçe",
    "uk": "Українська",
}

TABLE = (
    Setting(
        "NIGHTDESK_DATA",
        _path,
        Path("data"),
        "a folder",
        "Where everything is kept: databases, pictures, mail.",
        also=("DATA",),
    ),
    Setting("HOST", _some_text, "127.0.0.1", "an address to listen on", "Where readers connect."),
    Setting("PORT", _port, 8000, "a number from 1 to 65535", "The port readers connect to."),
    Setting(
        "NIGHTDESK_URL",
        _url,
        "",
        "an address such as https://news.example, without a path",
        "The public address of the site, used in every link that leaves it.",
    ),
    Setting(
        "TLS_CERT",
        _pem_file,
        "",
        "a file",
        "The certificate with its chain (PEM; certbot's fullchain.pem). With it and TLS_KEY, "
        "readers are served over HTTPS on PORT; a renewed one is noticed within seconds. See "
        "[TLS](operate/tls.md).",
    ),
    Setting(
        "TLS_KEY",
        _pem_file,
        "",
        "a file",
        "The certificate's private key (privkey.pem).",
        secret=True,
    ),
    Setting(
        "HTTP_PORT",
        _port_or_off,
        "",
        "a number from 1 to 65535, or off",
        "With TLS: the port without it, which sends readers to the encrypted one and shows issuers "
        "of certificates their proof. Empty: 80 when PORT is 443, otherwise off.",
    ),
    Setting(
        "ACME_FOLDER",
        _path,
        "",
        "a folder",
        "Where the program that renews certificates puts its proof (certbot's --webroot-path). "
        "Empty: the folder acme in the data folder.",
    ),
    Setting(
        "NIGHTDESK_NAME",
        _some_text,
        "Our Newsroom",
        "the newsroom's name",
        "The newsroom's name in feeds and link previews, and at first on the masthead, which shows "
        "the title of each language's home page. Asked at the first run.",
    ),
    Setting(
        "NIGHTDESK_LANGUAGES",
        _languages,
        ("en",),
        "language codes parted by commas, the main one first, of: " + ", ".join(sorted(LANGUAGES)),
        "The languages the newsroom publishes in. The first has addresses without a prefix.",
    ),
    Setting(
        "NIGHTDESK_TIME_ZONE",
        _zone,
        "UTC",
        "a zone such as Europe/Kyiv",
        "The newsroom's clock: the zone of every time that readers and editors see.",
    ),
    Setting(
        "NIGHTDESK_SECTION",
        _some_text,
        "News",
        "the name of a section",
        "The first section, made at the first run.",
    ),
    Setting(
        "NIGHTDESK_OWNER",
        _some_text,
        "owner",
        "a login name or an e-mail address",
        "The first account, made at the first run; its password is printed once.",
    ),
    Setting(
        "NIGHTDESK_NOINDEX",
        lambda value: {"yes": True, "no": False}[value.strip().lower()],
        False,
        "yes or no",
        "Asks search engines to stay away. The demo newsroom always does.",
    ),
    Setting(
        "NIGHTDESK_READING_SPEED",
        _speeds,
        {"*": 200},
        "words a minute: 200, or by language: 200,uk=180",
        "How fast readers read, for “N min read”.",
    ),
    Setting(
        "NIGHTDESK_VOICES",
        _voices,
        (),
        "files, each with its language, parted by commas: uk=/srv/voices/uk_UA-lada.onnx",
        "Voices of your own that may read stories aloud, before those that are installed: a Piper "
        "model with its `.onnx.json` beside it, or a style of Kokoro (`.bin`). See "
        "[narration](operate/narration.md).",
    ),
    Setting(
        "NIGHTDESK_HOSTS",
        _hosts,
        (),
        "host names parted by commas, without ports",
        "Further host names under which the site answers, besides that of NIGHTDESK_URL and "
        "this machine's own.",
    ),
    Setting(
        "TRUSTED_PROXIES",
        _list,
        (),
        "addresses or networks parted by commas",
        "Proxies whose X-Forwarded-* headers are believed.",
    ),
    Setting(
        "NIGHTDESK_LIVE_READERS",
        _count_or_none,
        5000,
        "a whole number, 0 for none",
        "How many open pages with a live list may be told of news at once by each newsstand. The "
        "others ask by themselves every ten seconds. A reader who is told costs 18 KB of memory, "
        "35 KB with TLS. See [live](operate/live.md).",
    ),
    Setting(
        "NIGHTDESK_CDN",
        _cdn,
        "",
        "one of: " + ", ".join(CDNS),
        "What stands in front of the newsstand and is told within a second when something has "
        "changed or gone. `http` is any cache that understands the method PURGE. Empty: shared "
        "caches are told to ask again every ten seconds. See [CDN](operate/cdn.md).",
    ),
    Setting(
        "NIGHTDESK_CDN_ADDRESSES",
        _purge_addresses,
        (),
        "addresses such as http://10.0.0.5:6081, parted by commas",
        "With `varnish` and `http`: where each cache takes purges. Empty for the others.",
    ),
    Setting(
        "NIGHTDESK_CDN_ID",
        _some_text,
        "",
        "letters and digits",
        "With `fastly` the service's, with `cloudflare` the zone's, with `cloudfront` the "
        "distribution's ID.",
    ),
    Setting(
        "NIGHTDESK_CDN_TOKEN",
        _some_text,
        "",
        "a token that may purge; for CloudFront its access key's ID and secret, parted by a colon",
        "What the CDN knows us by. With `varnish` and `http` optional: sent as `X-Purge-Token`.",
        secret=True,
    ),
    Setting(
        "DATABASE_URL",
        _database,
        "",
        "postgresql://user:password@host/name",
        "The main database. Empty: SQLite in the data folder.",
        secret=True,
    ),
    Setting(
        "NIGHTDESK_MAIL",
        _mail,
        "",
        "smtp://user:password@host:587, or smtps:// for a relay that speaks TLS from the start",
        "The relay that takes all mail: a mail service or the newsroom's own server. `smtp` turns "
        "to TLS as soon as the relay offers it, and sends no password without. Empty: each mail is "
        "a file in the folder mail of the data folder, and can be read in the admin. See "
        "[mail](operate/mail.md).",
        secret=True,
    ),
    Setting(
        "NIGHTDESK_MAIL_FROM",
        _mail_address,
        "",
        "an address such as news@news.example",
        "The address that mail comes from, unless a newsletter has its own. Empty: noreply@ and "
        "the host of NIGHTDESK_URL.",
    ),
    Setting(
        "NIGHTDESK_MAIL_RATE",
        _rate,
        0.0,
        "messages a second, such as 14 or 0.5",
        "The most that the relay allows. Empty: as fast as it takes them, slower as soon as it "
        "says so.",
    ),
    Setting(
        "NIGHTDESK_MAIL_CONNECTIONS",
        _count,
        10,
        "a number from 1",
        "Connections to the relay at once, at most.",
    ),
    Setting(
        "NIGHTDESK_MAIL_BOUNCES",
        _host,
        "",
        "a host name such as bounces.news.example",
        "The domain to which returned mail goes, each under an address of its own. Empty: returned "
        "mail goes to NIGHTDESK_MAIL_FROM, and only the relay's refusals and a mail service's "
        "reports are counted.",
    ),
    Setting(
        "NIGHTDESK_DKIM_SELECTOR",
        _some_text,
        "",
        "letters and digits such as news2026",
        "Under which name the domain's DNS holds the key that mail is signed with. Empty: mail is "
        "not signed here; a mail service usually does.",
    ),
    Setting(
        "NIGHTDESK_DKIM_KEY",
        _text,
        "",
        "a private key (PEM), RSA or Ed25519",
        "With NIGHTDESK_DKIM_SELECTOR: what mail is signed with.",
        secret=True,
    ),
    Setting(
        "NIGHTDESK_MAIL_SERVICE",
        _mail_service,
        "",
        "one of: " + ", ".join(MAIL_SERVICES),
        "The mail service behind NIGHTDESK_MAIL, when it shall report what bounced and who "
        "complained. See [mail](operate/mail.md).",
    ),
    Setting(
        "NIGHTDESK_MAIL_SERVICE_SECRET",
        _some_text,
        "",
        "name:password, made up by you and given to the mail service in the report's address",
        "What a report from the mail service must prove to know. Without it none is believed.",
        secret=True,
    ),
    Setting(
        "NIGHTDESK_MAIL_SERVICE_KEY",
        _some_text,
        "",
        "the key that the mail service shows beside its webhook",
        "With what mailersend, mailgun, mandrill, postal and unisender_go sign their reports. The "
        "others need none.",
        secret=True,
    ),
    Setting(
        "NIGHTDESK_SECRET_KEY",
        _text,
        "",
        "at least 50 characters",
        "Signs sessions and links. Empty: made at the first run and kept in the data folder.",
        secret=True,
    ),
    Setting(
        "NIGHTDESK_SECOND_FACTOR",
        _second_factor,
        "required",
        "one of: " + ", ".join(SECOND_FACTOR),
        "With `required`, an account that can publish or administer does nothing until it has a "
        "passkey or an authenticator app; with `offered` each decides. A demo newsroom keeps "
        "`offered` from its first run. See [signing in](edit/signing-in.md).",
    ),
    Setting(
        "NIGHTDESK_NARRATION",
        lambda value: {"on": True, "off": False}[value.strip().lower()],
        True,
        "on or off",
        "Whether stories are read aloud on this machine, where a voice is installed and somebody has "
        "chosen it. See [narration](operate/narration.md).",
    ),
    Setting(
        "NIGHTDESK_SITE_WORKERS",
        _count,
        2,
        "a number from 1",
        "Processes that serve the admin and the few pages that are not stored.",
    ),
    Setting(
        "NIGHTDESK_PICTURE_MEGABYTES",
        _count,
        60,
        "a number from 1",
        "The largest picture that can be uploaded, in megabytes.",
    ),
)

#: Kept from the first run in the data folder, so that a restart needs no settings at all.
ANSWERS = (
    "NIGHTDESK_NAME",
    "NIGHTDESK_LANGUAGES",
    "NIGHTDESK_TIME_ZONE",
    "NIGHTDESK_SECTION",
    "NIGHTDESK_NOINDEX",
    "NIGHTDESK_SECOND_FACTOR",
)


def _raw(setting: Setting, environ: Mapping[str, str]) -> tuple[str, str] | None:
    for name in (setting.name, *setting.also):
        if environ.get(name, "").strip():
            return name, environ[name]
        file = environ.get(f"{name}_FILE", "").strip()
        if file:
            try:
                return f"{name}_FILE", Path(file).read_text(encoding="utf-8").rstrip("\n")
            except OSError as error:
                raise SettingError(
                    f"{name}_FILE names {file}, which cannot be read ({error.strerror})."
                ) from error
    return None


def _value(setting: Setting, raw: tuple[str, str]) -> Any:
    name, text = raw
    try:
        return setting.parse(text)
    except (ValueError, KeyError, OSError, zoneinfo.ZoneInfoNotFoundError) as error:
        shown = "a value that is not shown" if setting.secret else repr(text)
        raise SettingError(f"{name} is {shown}; expected {setting.expects}.") from error


def answers_file(data: Path) -> Path:
    """Where the first run's answers are kept."""
    return data / "newsroom.json"


class Settings:
    """The values of all settings, by lower-case name: ``settings["PORT"]``."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        environ = os.environ if environ is None else environ
        raw = {setting.name: _raw(setting, environ) for setting in TABLE}
        by_name = {setting.name: setting for setting in TABLE}
        data_raw = raw["NIGHTDESK_DATA"]
        data = _value(by_name["NIGHTDESK_DATA"], data_raw) if data_raw else Path("data")
        answers = self._answers(answers_file(data))
        self._values: dict[str, Any] = {"NIGHTDESK_DATA": data.absolute()}
        self.given: set[str] = set()
        for setting in TABLE[1:]:
            given = raw[setting.name]
            if given is None and setting.name in ANSWERS and setting.name in answers:
                given = (setting.name, str(answers[setting.name]))
            if given is not None:
                self.given.add(setting.name)
            self._values[setting.name] = _value(setting, given) if given else setting.default

    @staticmethod
    def _answers(file: Path) -> dict[str, Any]:
        try:
            answers = json.loads(file.read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except (OSError, ValueError) as error:
            raise SettingError(f"{file} cannot be read ({error}). Restore or remove it.") from error
        return answers if isinstance(answers, dict) else {}

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    @property
    def data(self) -> Path:
        return Path(self._values["NIGHTDESK_DATA"])

    @property
    def public_url(self) -> str:
        """Where readers find the site, without a trailing slash: as set, else where the newsroom
        that runs on this data folder is."""
        return str(self["NIGHTDESK_URL"]) or self.door.url

    @property
    def door(self) -> Running:
        """Where a command on this machine knocks: at the newsroom that runs, else where HOST and
        PORT say that it would be."""
        return running.found(self.data) or self.own_door

    @property
    def own_door(self) -> Running:
        """Where this process would open a newsroom."""
        host, port, tls = str(self["HOST"]), int(self["PORT"]), bool(self["TLS_CERT"])
        shown = {"0.0.0.0": "127.0.0.1", "::": "127.0.0.1"}.get(host, host)
        url = f"{'https' if tls else 'http'}://{shown}:{port}"
        return Running(str(self["NIGHTDESK_URL"]) or url, host, port, tls)

    @property
    def public_host(self) -> str:
        """The host name of ``NIGHTDESK_URL``; empty when there is none to hold anybody to."""
        return urlsplit(self["NIGHTDESK_URL"]).hostname or ""

    @property
    def tls(self) -> tuple[Path, Path] | None:
        """The files of certificate and key, None without TLS. Raises ``SettingError``."""
        cert, key = self["TLS_CERT"], self["TLS_KEY"]
        if bool(cert) != bool(key):
            given, lacking = ("TLS_CERT", "TLS_KEY") if cert else ("TLS_KEY", "TLS_CERT")
            raise SettingError(f"{given} is set and {lacking} is not; they go together.")
        return (cert.absolute(), key.absolute()) if cert else None

    @property
    def plain_port(self) -> int:
        """The port without TLS beside the encrypted one, 0 for none."""
        if self.tls is None:
            return 0
        if self["HTTP_PORT"] != "":
            return int(self["HTTP_PORT"])
        return 80 if self["PORT"] == 443 else 0

    @property
    def acme_folder(self) -> Path:
        """Holds ``.well-known/acme-challenge``."""
        return Path(self["ACME_FOLDER"] or self.data / "acme").absolute()

    @property
    def cdn(self) -> str:
        """The CDN that is told of changes, empty without one. Raises ``SettingError`` when a part
        that it needs is missing."""
        name = str(self["NIGHTDESK_CDN"])
        if not name:
            return ""
        needs = {
            "varnish": ("NIGHTDESK_CDN_ADDRESSES",),
            "http": ("NIGHTDESK_CDN_ADDRESSES",),
        }.get(name, ("NIGHTDESK_CDN_ID", "NIGHTDESK_CDN_TOKEN"))
        for needed in ("NIGHTDESK_URL", *needs):
            if not self[needed]:
                raise SettingError(
                    f"NIGHTDESK_CDN is {name!r} and {needed} is empty; it needs one."
                )
        if name == "cloudfront" and not all(self["NIGHTDESK_CDN_TOKEN"].partition(":")):
            raise SettingError(
                "NIGHTDESK_CDN_TOKEN is a value that is not shown; with CloudFront expected an "
                "access key's ID and secret, parted by a colon."
            )
        return name

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every host name under which the site answers, lower case, without ports."""
        own = urlsplit(self.public_url).hostname or ""
        return tuple(
            dict.fromkeys([own, *self["NIGHTDESK_HOSTS"], "localhost", "127.0.0.1", "[::1]"])
        )

    @property
    def secret_key(self) -> str:
        """The key from the settings, else the one that the first run kept, else empty."""
        if self["NIGHTDESK_SECRET_KEY"]:
            return str(self["NIGHTDESK_SECRET_KEY"])
        try:
            return (self.data / "secret-key").read_text(encoding="utf-8").strip()
        except OSError:
            return ""

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self._values["NIGHTDESK_LANGUAGES"])


def reading_speed(speeds: Mapping[str, int], language: str) -> int:
    """Words a minute for a language, falling back to the general figure."""
    return speeds.get(language) or speeds.get("*") or 200


def write_answers(data: Path, answers: Mapping[str, str]) -> None:
    """Keep the first run's answers (setting name → text as one would set it)."""
    unknown = set(answers) - set(ANSWERS)
    if unknown:
        raise SettingError(f"{', '.join(sorted(unknown))} cannot be kept as a first-run answer.")
    text = json.dumps(dict(answers), ensure_ascii=False, indent=2)
    answers_file(data).write_text(text + "\n", encoding="utf-8")


def forget_answer(data: Path, name: str) -> bool:
    """Let the default hold again from the next start; whether there was an answer to forget."""
    try:
        answers = json.loads(answers_file(data).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    if answers.pop(name, None) is None:
        return False
    write_answers(data, answers)
    return True
