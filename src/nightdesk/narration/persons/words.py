"""What an editor reads about a recording that is not taken: what happened, and what to do."""

from __future__ import annotations

from django.utils.translation import gettext as _

from nightdesk.narration.studio import uploads
from nightdesk.narration.studio.refusals import LONGEST, Refusal


def sentence(refusal: Refusal) -> str:
    return _SAID[refusal]()


_SAID = {
    Refusal.EMPTY: lambda: _(
        "This file is empty: nothing of the recording arrived. Check it on your device and upload "
        "it again."
    ),
    Refusal.NOT_SOUND: lambda: _(
        "There is no sound in this file that Nightdesk can read. It takes MP3, M4A, WAV, FLAC, Ogg "
        "and Opus."
    ),
    Refusal.OTHER_SOUND: lambda: _(
        "This file holds sound of a kind that Nightdesk does not read. Export it as MP3, M4A, WAV, "
        "FLAC, Ogg or Opus, and upload that."
    ),
    Refusal.NO_M4A: lambda: _(
        "This server cannot read M4A. Export the recording as MP3 or WAV and upload that; whoever "
        "looks after the server installs the extra “audio” for M4A."
    ),
    Refusal.DAMAGED: lambda: _(
        "This recording is damaged and cannot be read to its end. Export it again, best as MP3 or "
        "FLAC, and upload that."
    ),
    Refusal.CUT_OFF: lambda: _(
        "This recording is cut off: its end did not arrive or was not saved. Upload the complete "
        "file."
    ),
    Refusal.TOO_BIG: lambda: (
        _(
            "This file is larger than %(most)d MB. Export it as MP3 (128 kbit/s is plenty for a voice) "
            "and upload that."
        )
        % {"most": uploads.MOST_BYTES // 1000**2}
    ),
    Refusal.TOO_LONG: lambda: (
        _("This recording is longer than %(most)d minutes, or has no end. Upload a shorter one.")
        % {"most": LONGEST // 60}
    ),
    Refusal.TOO_SHORT: lambda: _(
        "This recording is shorter than a second. Check that it is the right file."
    ),
    Refusal.TOO_QUIET: lambda: _(
        "Next to nothing can be heard in this recording. Check the microphone, and that it is the "
        "right file."
    ),
    Refusal.TOO_MUCH: lambda: _(
        "This recording was given up: reading it takes more time or memory than a recording needs. "
        "Export it again, best as MP3 or FLAC, and upload that."
    ),
    Refusal.NOT_MASTERED: lambda: _(
        "This recording could not be made as loud as other audio without spoiling it. Is it "
        "speech? Have its loud noises cut out, and upload it again."
    ),
    Refusal.NOT_INSTALLED: lambda: _(
        "The programs that work on sound are not installed on this server. Whoever operates it "
        "installs Nightdesk with its extra “audio”."
    ),
    Refusal.DISK_FULL: lambda: _(
        "The server’s disk is full, so the recording could not be kept. What readers hear stays. "
        "Tell whoever looks after the server, and upload it again when there is room."
    ),
    Refusal.BUSY: lambda: _(
        "Several recordings are being looked at just now. Upload it again in a minute."
    ),
}
