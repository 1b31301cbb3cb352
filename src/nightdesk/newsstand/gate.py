"""Who may try how often: signing in, resetting a password, searching, signing up for newsletters.

Checking one password costs the site half a second of processor time on purpose. So tries are
counted here, before the site hears of them, by three measures: the client (one IPv4 address, or
the /64 that one IPv6 customer has), the account that is named, and all strangers together.

A lock must not become a weapon against those it protects. A browser in which somebody has signed
in before carries a mark (``kernel.devices``): its tries to sign in to that account count in a
bucket of its own, and no stranger's do. A sign-up too many from one place is asked for a proof of
work (``proof``); what comes with one counts in wider buckets. All counts are in memory, of a fixed
size, under keys that say nothing once the process has ended.
"""

from __future__ import annotations

import hashlib
import math
import re
import secrets
import time
from urllib.parse import parse_qsl

from nightdesk.kernel.devices import fold
from nightdesk.newsstand.bodies import Body
from nightdesk.newsstand.buckets import Buckets, allowed, longest_wait
from nightdesk.newsstand.limits import Limits
from nightdesk.newsstand.peers import client_of
from nightdesk.newsstand.proof import EASY, Proofs
from nightdesk.newsstand.reply import Reply
from nightdesk.newsstand.vetting import Asked, RefusedError

_SIGN_IN = re.compile(
    r"/admin/login/(?:code/)?|.*/_util/(?:login|authenticate_with_password/\d+/\d+)/"
)
#: The second step of a sign-in. The site answers the first with 303, so it stays counted until
#: this one succeeds: whoever knows a password gets no more tries at codes than others at passwords.
_SECOND_STEP = "/admin/login/code/"
_RESET = "/admin/password_reset/"
_READING = ("GET", "HEAD", "OPTIONS")
_FORM = "application/x-www-form-urlencoded"
#: A form to sign in has five fields; reading thousands would be work for nothing.
_MOST_FIELDS = 50
_ALL = "all strangers together"

_TOO_OFTEN_SIGN_IN = (
    "Too many attempts to sign in. Wait {wait} and try again. If you cannot wait, ask the owner of "
    "this newsroom to run: nightdesk user reset NAME. It prints a link that lets you in at once."
)
_TOO_OFTEN_RESET = (
    "Too many requests for a new password. Look for the mail that was sent already, or wait {wait} "
    "and try again, or ask the owner of this newsroom to run: nightdesk user reset NAME."
)
_TOO_OFTEN = "Too many requests in a short time from where you are. Wait {wait} and try again."
TOO_MANY_SIGN_UPS = "Too many attempts. Please try again in a few minutes."
#: The header in which a script brings its proof.
_PROOF = "x-proof"
#: What the site says beside its answer to a sign-up while too few of them are ever confirmed, and
#: for how many seconds that is believed.
GUARDED, _GUARDED_SECONDS = "x-nightdesk-guarded", 300


class Gate:
    """Asked before a body is taken in (``admit``) and before a form goes on (``admit_form``)."""

    def __init__(self, limits: Limits, secret: str = "") -> None:
        self._sign_in_clients = Buckets(limits.sign_ins_by_client, 30)
        self._sign_in_accounts = Buckets(limits.sign_ins_by_account, 60)
        self._sign_in_strangers = Buckets(limits.sign_ins_by_strangers, 2, size=1)
        self._sign_in_devices = Buckets(limits.sign_ins_by_account, 30)
        self._resets_by_client = Buckets(5, 60)
        self._resets_by_account = Buckets(3, 1200)
        self._door_clients = Buckets(limits.door_burst, 0.5)
        self._door_strangers = Buckets(2 * limits.door_burst, 0.1, size=1)
        self._searches = Buckets(limits.searches_by_client, 1)
        self._sign_up_clients = Buckets(limits.sign_ups_by_client, 30)
        self._sign_up_strangers = Buckets(limits.sign_ups_by_strangers, 0.5, size=1)
        self._guarded_clients = Buckets(limits.guarded_sign_ups_by_client, 300)
        self._guarded_strangers = Buckets(limits.guarded_sign_ups_by_strangers, 10, size=1)
        self._proved_clients = Buckets(limits.proved_sign_ups_by_client, 2)
        self._proved_strangers = Buckets(limits.proved_sign_ups_by_strangers, 0.1, size=1)
        self._proofs = Proofs(secret)
        self._guarded_until = 0.0
        self._secret = secrets.token_bytes(16)

    def admit(self, asked: Asked) -> None:
        """Raises ``RefusedError`` (429) for what comes too often, whatever it says."""
        self._refuse(asked, allowed(self._asks(asked)))
        if asked.lane == "sign-ups" and self._is_proved(asked):
            self._proofs.use(_proof(asked))

    def look(self, asked: Asked) -> None:
        """Raises what ``admit`` would raise, and counts nothing: any thread may look."""
        self._refuse(asked, longest_wait(self._asks(asked)))

    def admit_form(self, asked: Asked, body: Body) -> None:
        """Raises ``RefusedError``: 429 for a try too many, 400 for a form nobody fills in so."""
        if asked.method in _READING:
            return
        if _SIGN_IN.fullmatch(asked.path):
            account = self._named(asked, body, "username")
            self._refuse_while(allowed(self._tries(asked, account)), _TOO_OFTEN_SIGN_IN)
        elif asked.path == _RESET:
            account = self._named(asked, body, "email")
            asks = [
                (self._resets_by_client, client_of(asked.client)),
                (self._resets_by_account, self._key(account)),
            ]
            self._refuse_while(allowed(asks), _TOO_OFTEN_RESET)

    def signed_in(self, asked: Asked, body: Body, status: int) -> None:
        """A try that succeeded (the site leads on) does not count: a whole newsroom behind one
        address signs in in the morning."""
        if status == 302 and asked.method == "POST" and _SIGN_IN.fullmatch(asked.path):
            steps = 2 if asked.path == _SECOND_STEP else 1
            for buckets, key in self._tries(asked, self._named(asked, body, "username")):
                buckets.take(key, -steps)

    def told(self, asked: Asked, reply: Reply) -> None:
        """The site's word that sign-ups are to be guarded: it is for us, not for readers."""
        if asked.lane == "sign-ups" and reply.has(GUARDED):
            self._guarded_until = time.monotonic() + _GUARDED_SECONDS
            reply.headers = [pair for pair in reply.headers if pair[0] != GUARDED]

    def _asks(self, asked: Asked) -> list[tuple[Buckets, object]]:
        """The buckets that a request is counted in before its body is read."""
        if asked.lane == "search":
            return [(self._searches, client_of(asked.client))]
        if asked.lane == "sign-ups":
            return self._sign_ups(asked)
        if asked.lane in ("doors", "tries"):
            return [(self._door_clients, client_of(asked.client)), (self._door_strangers, _ALL)]
        return []

    def _sign_ups(self, asked: Asked) -> list[tuple[Buckets, object]]:
        """A reader without script, who can bring no proof, always gets through in the end."""
        if self._is_proved(asked):
            clients, strangers = self._proved_clients, self._proved_strangers
        elif time.monotonic() < self._guarded_until:
            clients, strangers = self._guarded_clients, self._guarded_strangers
        else:
            clients, strangers = self._sign_up_clients, self._sign_up_strangers
        return [(clients, client_of(asked.client)), (strangers, _ALL)]

    def _is_proved(self, asked: Asked) -> bool:
        return self._proofs.holds(_proof(asked))

    def _bits(self) -> int:
        """How much work is asked for: more, the more of all that may pass has passed."""
        used = 1 - self._proved_strangers.fill(_ALL)
        return EASY + (used > 1 / 4) + (used > 1 / 2) + (used > 3 / 4)

    def _tries(self, asked: Asked, account: str) -> list[tuple[Buckets, object]]:
        """The buckets that one try to sign in to ``account`` is counted in."""
        device = asked.device
        if device and device.account == account:
            return [(self._sign_in_devices, (self._key(account), device.since))]
        return [
            (self._sign_in_clients, client_of(asked.client)),
            (self._sign_in_accounts, self._key(account)),
            (self._sign_in_strangers, _ALL),
        ]

    def _named(self, asked: Asked, body: Body, field: str) -> str:
        """The account that a form names, as the site will read it: the last of that field."""
        kinds = [value for name, value in asked.headers if name == "content-type"]
        kind = kinds[0].partition(";")[0].strip().lower() if len(kinds) == 1 else ""
        if kind != _FORM or not isinstance(body, bytes):
            raise RefusedError(400, "This form was sent in a way that browsers do not send it.")
        try:
            fields = parse_qsl(
                body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS
            )
        except ValueError as error:
            raise RefusedError(400, "This form has too many fields.") from error
        return fold(next((value for name, value in reversed(fields) if name == field), ""))

    def _key(self, account: str) -> bytes:
        """Of fixed size, and telling nothing: accounts are people."""
        return hashlib.blake2b(account.encode(), digest_size=12, key=self._secret).digest()

    def _refuse(self, asked: Asked, wait: float) -> None:
        if wait and asked.lane == "sign-ups":
            more = {} if self._is_proved(asked) else {"proof": self._proofs.challenge(self._bits())}
            raise RefusedError(429, TOO_MANY_SIGN_UPS, retry=math.ceil(wait), more=more)
        self._refuse_while(wait, _TOO_OFTEN)

    def _refuse_while(self, wait: float, sentence: str) -> None:
        if wait:
            seconds = math.ceil(wait)
            words = f"{seconds} seconds" if seconds < 90 else f"{math.ceil(seconds / 60)} minutes"
            words = "a second" if seconds == 1 else words
            raise RefusedError(429, sentence.format(wait=words), retry=seconds)


def _proof(asked: Asked) -> str:
    return next((value for name, value in asked.headers if name == _PROOF), "")
