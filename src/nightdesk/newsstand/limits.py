"""How much of anything one request may take. Sizes in bytes, times in seconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The newsstand's limits; tests shorten the times, nobody has needed to set the rest."""

    header_bytes: int = 32 * 1024
    address_bytes: int = 8 * 1024
    #: A reader sends an e-mail address or a few words; an editor, pictures.
    body_bytes: int = 64 * 1024
    staff_body_bytes: int = 65 * 1024 * 1024
    #: A mail service reports on many mails at once.
    report_body_bytes: int = 1024 * 1024

    header_seconds: float = 15
    body_idle_seconds: float = 20
    body_seconds: float = 60
    staff_body_seconds: float = 900
    #: Until the site begins to answer. An upload takes longer: its pictures are made at once.
    answer_seconds: float = 30
    staff_answer_seconds: float = 120

    #: Requests in the site at once and in line for it, a lane each (see ``lanes``).
    reader_places: int = 4
    staff_places: int = 6
    door_places: int = 2
    #: Strangers' passwords checked at once: each takes a processor for itself.
    try_places: int = 1
    search_places: int = 2
    sign_up_places: int = 2
    line: int = 100
    #: Searches in line; a longer line is a flood, and waiting in it helps nobody.
    search_line: int = 20

    #: Tries at once before the counting begins (see ``gate``, which says how fast they come back).
    sign_ins_by_client: int = 20
    sign_ins_by_account: int = 10
    #: Strangers of all addresses together: one password every two seconds after these.
    sign_ins_by_strangers: int = 5
    door_burst: int = 60
    #: Hundreds of readers share one address behind a telephone company.
    searches_by_client: int = 30
    #: Sign-ups at once: of one client and of all; then, while few are confirmed; then with a proof.
    sign_ups_by_client: int = 10
    sign_ups_by_strangers: int = 200
    guarded_sign_ups_by_client: int = 2
    guarded_sign_ups_by_strangers: int = 5
    proved_sign_ups_by_client: int = 60
    proved_sign_ups_by_strangers: int = 400

    #: How long a request waits for a site that is only just starting, or starting again.
    starting_seconds: float = 30
    patience_while_starting: float = 8
    patience: float = 3

    #: Answers up to this size are kept in memory on their way; larger ones go through a file.
    memory_bytes: int = 512 * 1024
    answer_bytes: int = 2 * 1024**3
    #: Uploads larger than ``body_bytes`` being taken in at once: together they bound the disk used.
    uploads: int = 8
    #: The same of what is not the newsroom's own: it must not keep an editor's picture waiting.
    long_reports: int = 2
    #: Streams of live pages open at once, how long one lives, how often it gives a sign of life, and
    #: how long it keeps quiet after a frame.
    live_readers: int = 5_000
    stream_seconds: float = 600
    beat_seconds: float = 25
    quiet_seconds: float = 0.5
    #: Open connections. Each costs some 15 KB, so thousands of idle ones are cheap: an open live page
    #: keeps one to ask by, and one more while it is told of news.
    connections: int = 16_000
