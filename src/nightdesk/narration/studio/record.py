"""A story in sentences → finished files: one to play, one for podcasts, timings, a transcript.

All or nothing: when ``record`` raises, the folder is as it was. Every file is named by its own
bytes, so it may be kept by anybody for ever and is never overwritten.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nightdesk.narration.apart import walls
from nightdesk.narration.apart.process import Apart, Gone
from nightdesk.narration.spoken import sentences as sentence_rules
from nightdesk.narration.spoken import speaking
from nightdesk.narration.spoken.speaking import Sentence
from nightdesk.narration.studio import cache as sentence_cache
from nightdesk.narration.studio import id3, webvtt
from nightdesk.narration.studio.webvtt import Cue
from nightdesk.narration.voices import booth, engines
from nightdesk.narration.voices.ports import NotRecordedError, Reason, Speech, Voice

__all__ = ["Cue", "NotRecordedError", "Passage", "Recording", "Sentence", "Voice", "record"]

#: Rises when the same sentences would sound different.
VERSION = 1
#: Characters of a story, as spoken. Half an hour of sound; three minutes of a core.
LONGEST = 30_000
#: Seconds of silence: before anything, within a sentence that was too long for one breath, between
#: sentences, between passages, after everything.
LEAD, BREATH, BETWEEN_SENTENCES, BETWEEN_PASSAGES, TAIL = 0.1, 0.12, 0.38, 0.75, 0.5
#: kbit/s.
FOR_PLAYER, FOR_PODCAST = 64, 96
#: The block of the cue in which the intro is spoken.
INTRO = "intro"
_MIX_SECONDS = 30.0
_IDLE_SECONDS = 60.0
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_SOUNDS = re.compile(r"\[\[.*?\]\]")
#: Stands for a space within ``[[…]]`` while a sentence is parted at its spaces.
_HELD = "\ue000"


def _child(niceness: int) -> Apart:
    return Apart("nightdesk.narration.studio.child", str(_IDLE_SECONDS), str(niceness))


_studio, _studio_waited_for = _child(walls.NICENESS), _child(walls.WAITED_FOR)


@dataclass(frozen=True, slots=True)
class Passage:
    """What is heard of one block of a story; ``block`` is its id in the page."""

    block: str
    sentences: list[Sentence]


@dataclass(frozen=True, slots=True)
class Recording:
    """``loudness`` (LUFS) and ``peak`` (dBFS) were read back from ``file``. ``left_out`` are words in
    letters that the voice cannot read. ``spec`` is what ``spec`` gave for the same question."""

    file: Path
    podcast: Path
    seconds: float
    bytes: int
    podcast_bytes: int
    cues: list[Cue]
    vtt: Path
    transcript: Path
    voice_id: str
    spec: str
    loudness: float
    peak: float
    left_out: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[Path, Path, Path, Path]:
        return self.file, self.podcast, self.vtt, self.transcript


@dataclass(frozen=True, slots=True)
class _Piece:
    """What a voice says at once: a sentence, or a part of a long one. ``pause``: seconds before."""

    text: str
    pause: float
    cue: int


def record(
    passages: list[Passage],
    voice: Voice,
    folder: Path,
    cache: Path,
    *,
    intro: str,
    title: str,
    by: str,
    language: str,
    alive: Callable[[float], None] = lambda _seconds: None,
    **options: Any,
) -> Recording:
    """Speak, mix and write a story. Raises NotRecordedError and nothing else.

    ``intro`` is the written line that says how the sound was made; it is spoken first, unless it is
    empty. ``title`` and ``by`` are what a player shows. ``options`` go to the voice's adapter.
    ``alive`` is told before each step how many seconds that may take.
    """
    try:
        return _record(passages, voice, folder, cache, intro, title, by, language, alive, options)
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise NotRecordedError(Reason.DISK_FULL, detail=str(error)) from error
        raise NotRecordedError(Reason.NOT_MASTERED, detail=str(error)) from error


def spec(
    passages: list[Passage], voice: Voice, *, intro: str, title: str, by: str, language: str
) -> str:
    """A sum of everything that the files depend on: the same sum, the same recording. Made without
    starting anything."""
    engine = engines.engine(voice.engine)
    what = [
        [VERSION, engine.version()],
        [voice.engine, voice.name, voice.checksum, voice.speed],
        [intro, title, by, language],
        [[each.block, [[s.written, s.spoken] for s in each.sentences]] for each in passages],
    ]
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()


def sample(spoken: str, voice: Voice, cache: Path, **options: Any) -> bytes:
    """One sentence as an MP3: for an editor who tries a pronunciation, an owner who chooses a voice.
    They wait, so it is done before any story. Raises NotRecordedError and nothing else."""
    try:
        pieces = [
            _Piece(part, BREATH if n else LEAD, 0)
            for n, part in enumerate(_breaths(spoken, engines.engine(voice.engine).max_chars))
        ]
        with tempfile.TemporaryDirectory(prefix="nightdesk-sample-") as folder:
            file = Path(folder) / "sample.mp3"
            files = [{"file": str(file), "kbit": FOR_PODCAST}]
            options.setdefault("niceness", walls.WAITED_FOR)
            _mixed(pieces, voice, cache, files, b"", options, _studio_waited_for)
            return file.read_bytes()
    except OSError as error:
        reason = Reason.DISK_FULL if error.errno in _NO_ROOM else Reason.NOT_MASTERED
        raise NotRecordedError(reason, spoken, str(error)) from error


def get_ready(voice: Voice) -> None:
    """A story will be read in a moment: let voice and studio come meanwhile."""
    booth.begin(voice)
    with contextlib.suppress(OSError):
        _studio.begin()


def close() -> None:
    """Let studio and voices go at once, as they would by themselves in a minute."""
    _studio.close()
    _studio_waited_for.close()
    booth.close()


def _record(
    passages: list[Passage],
    voice: Voice,
    folder: Path,
    cache: Path,
    intro: str,
    title: str,
    by: str,
    language: str,
    alive: Callable[[float], None],
    options: dict[str, Any],
) -> Recording:
    engine = engines.engine(voice.engine)
    if voice.language != language:
        raise NotRecordedError(Reason.WRONG_LANGUAGE, detail=f"{voice.language}, not {language}")
    heard = [each for each in passages if each.sentences]
    if not heard:
        raise NotRecordedError(Reason.NOTHING_TO_SAY)
    if intro.strip():
        heard.insert(0, Passage(INTRO, [Sentence(intro, speaking.spoken(intro, language))]))
    if sum(len(s.spoken) for each in heard for s in each.sentences) > LONGEST:
        raise NotRecordedError(Reason.TOO_LONG, detail=f"more than {LONGEST} characters")
    pieces, names = _pieces(heard, engine.max_chars)
    sentence_cache.prune_now_and_then(cache)

    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    bench = Path(tempfile.mkdtemp(prefix=".recording-", dir=folder))
    try:
        player, podcast = bench / "player", bench / "podcast"
        files: list[dict[str, Any]] = [
            {"file": str(player), "kbit": FOR_PLAYER},
            {"file": str(podcast), "kbit": FOR_PODCAST},
        ]
        tag = id3.tag(
            title=title,
            artist=by,
            language=language,
            disclosure=intro,
            made_with=f"Nightdesk, {voice.id}",
        )
        mixed, left_out = _mixed(pieces, voice, cache, files, tag, options, _studio, alive)
        cues = _cues(pieces, mixed["times"], names)
        vtt, readable = bench / "vtt", bench / "transcript"
        vtt.write_bytes(webvtt.metadata(cues).encode(errors="replace"))
        readable.write_bytes(webvtt.transcript(cues).encode(errors="replace"))
        placed = [
            _place(file, folder, ending)
            for file, ending in (
                (player, ".mp3"),
                (podcast, ".podcast.mp3"),
                (vtt, ".vtt"),
                (readable, ".transcript.vtt"),
            )
        ]
        _sync(folder)
    finally:
        shutil.rmtree(bench, ignore_errors=True)
    return Recording(
        file=placed[0],
        podcast=placed[1],
        seconds=mixed["seconds"],
        bytes=placed[0].stat().st_size,
        podcast_bytes=placed[1].stat().st_size,
        cues=cues,
        vtt=placed[2],
        transcript=placed[3],
        voice_id=voice.id,
        spec=spec(passages, voice, intro=intro, title=title, by=by, language=language),
        loudness=mixed["loudness"],
        peak=mixed["peak"],
        left_out=tuple(left_out),
    )


def _pieces(passages: list[Passage], longest: int) -> tuple[list[_Piece], list[tuple[str, str]]]:
    """What is said, in order, and each cue's id and written text."""
    pieces: list[_Piece] = []
    cues: list[tuple[str, str]] = []
    counted: dict[str, int] = {}
    for passage in passages:
        pause = BETWEEN_PASSAGES if pieces else LEAD
        for sentence in passage.sentences:
            counted[passage.block] = counted.get(passage.block, 0) + 1
            for part in _breaths(sentence.spoken, longest):
                pieces.append(_Piece(part, pause, len(cues)))
                pause = BREATH
            cues.append((f"{passage.block}-{counted[passage.block]}", sentence.written))
            pause = BETWEEN_SENTENCES
    return pieces, cues


def _breaths(spoken: str, longest: int) -> list[str]:
    """Parts no longer than a voice takes; sounds in ``[[…]]`` stay whole."""
    held = _SOUNDS.sub(lambda sounds: sounds[0].replace(" ", _HELD), spoken)
    parts = sentence_rules.breaths(held, min(longest, sentence_rules.LONGEST))
    return [part.replace(_HELD, " ") for part in parts if any(map(str.isalnum, part))]


def _mixed(
    pieces: list[_Piece],
    voice: Voice,
    cache: Path,
    files: list[dict[str, Any]],
    tag: bytes,
    options: dict[str, Any],
    studio: Apart,
    alive: Callable[[float], None] = lambda _seconds: None,
) -> tuple[dict[str, Any], list[str]]:
    """Every piece spoken, if it was not before, and the files written."""
    left_out = [word for piece in pieces for word in booth.left_out(voice, piece.text)]
    where = [sentence_cache.place(cache, voice, piece.text) for piece in pieces]
    new = [n for n, file in enumerate(where) if not sentence_cache.has(file)]
    if new:  # both start at once, not one after the other
        studio.begin()
        booth.begin(voice, **options)
    for n in new:
        # Said twice in a story, it is spoken once.
        if not sentence_cache.has(where[n]):
            alive(_MIX_SECONDS)
            _keep(studio, where[n], booth.speak(voice, pieces[n].text, **options), pieces[n].text)
    for _ in range(len(pieces) + 1):
        seconds = _MIX_SECONDS + sum(len(piece.text) for piece in pieces) * 0.09
        wish = {
            "sentences": [
                {"file": str(file.absolute()), "pause": piece.pause}
                for piece, file in zip(pieces, where, strict=True)
            ],
            "files": files,
            "tag": tag.hex(),
            "tail": TAIL,
        }
        alive(seconds)
        answer = _ask(studio, {"do": "mix"}, json.dumps(wish).encode(), seconds)
        if "times" in answer:
            return answer, left_out
        spoiled = answer.get("spoiled")
        if not isinstance(spoiled, int) or not 0 <= spoiled < len(pieces):
            raise NotRecordedError(Reason.NOT_MASTERED, detail=repr(answer)[:200])
        # Something happened to a file of the cache: have it spoken again.
        where[spoiled].unlink(missing_ok=True)
        text = pieces[spoiled].text
        _keep(studio, where[spoiled], booth.speak(voice, text, **options), text)
    raise NotRecordedError(Reason.NOT_MASTERED, detail="the cache cannot be read")


def _keep(studio: Apart, file: Path, speech: Speech, sentence: str) -> None:
    question = {"do": "keep", "file": str(file.absolute()), "rate": speech.rate}
    _ask(studio, question, speech.pcm, _MIX_SECONDS, sentence)


def _ask(
    studio: Apart, question: dict[str, Any], payload: bytes, seconds: float, sentence: str = ""
) -> dict[str, Any]:
    """The studio's answer; once more if the studio itself failed."""
    for once_more in (True, False):
        try:
            answer, _nothing = studio.ask(question, payload, seconds=seconds)
        except Gone as gone:
            if once_more:
                continue
            raise NotRecordedError(Reason.NOT_MASTERED, sentence, str(gone)) from gone
        if "full" in answer:
            raise NotRecordedError(Reason.DISK_FULL, sentence)
        if "refused" in answer:
            detail = str(answer.get("detail", ""))
            raise NotRecordedError(Reason(answer["refused"]), sentence, detail)
        return answer
    raise AssertionError("unreachable")


def _cues(
    pieces: list[_Piece], times: list[list[float]], names: list[tuple[str, str]]
) -> list[Cue]:
    """From the first breath of a sentence to its last."""
    starts: dict[int, float] = {}
    ends: dict[int, float] = {}
    for piece, (start, end) in zip(pieces, times, strict=True):
        starts.setdefault(piece.cue, start)
        ends[piece.cue] = end
    return [
        Cue(name, starts[n], ends[n], written)
        for n, (name, written) in enumerate(names)
        if n in starts
    ]


def _place(file: Path, folder: Path, ending: str) -> Path:
    """Safe on the disk, under a name made from its bytes."""
    with file.open("rb") as handle:
        name = hashlib.file_digest(handle, "sha256").hexdigest()[:32]
        os.fsync(handle.fileno())
    target = folder / f"{name}{ending}"
    file.chmod(0o644)
    file.replace(target)
    return target


def _sync(folder: Path) -> None:
    """So that the new names, too, survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(folder: Path) -> None:
    """Remove what a process that was killed left behind a day ago."""
    for bench in folder.glob(".recording-*"):
        with contextlib.suppress(OSError):
            if time.time() - bench.stat().st_mtime > 86_400:
                shutil.rmtree(bench, ignore_errors=True)
