"""`nightdesk narration listen`: have what was made heard by a recogniser, and say what it misheard."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nightdesk.narration.voices.ports import Voice

SAMPLE = Path(__file__).with_name("sample.txt")


def narration_command(arguments: list[str]) -> int:
    """What a machine makes of the stories that were read aloud: an alarm, no judge."""
    import django

    django.setup()
    parser = argparse.ArgumentParser(prog="nightdesk narration", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    line = "have made audio heard by a recogniser"
    listen = verbs.add_parser("listen", help=line, description=narration_command.__doc__)
    listen.add_argument("stories", nargs="*", metavar="STORY", help="its number or its path")
    listen.add_argument("--newest", type=int, default=0, metavar="N", help="the N newest stories")
    listen.add_argument("--language", default="en", help="of --newest, --text, --sample (en)")
    listen.add_argument("--text", type=Path, metavar="FILE", help="read this aloud, and listen")
    listen.add_argument("--sample", action="store_true", help="read a sample aloud, and listen")
    listen.add_argument("--voice", metavar="NAME", help="of --text, --sample, as piper:… (chosen)")
    listen.add_argument("--json", action="store_true", help="for programs")
    given = parser.parse_args(arguments)
    if not (given.stories or given.newest or given.text or given.sample):
        listen.error("say which story, or --newest N, --text FILE, --sample")
    return _listen(given)


def _listen(given: argparse.Namespace) -> int:
    from nightdesk.narration.listening import ear
    from nightdesk.narration.studio import record
    from nightdesk.narration.voices.ports import NotRecordedError

    if not ear.is_there():
        print(
            "nightdesk: the recogniser is not installed. "
            f"Install Nightdesk with its extra “{ear.EXTRA}”.",
            file=sys.stderr,
        )
        return 2
    reports = []
    from django.db import DatabaseError

    try:
        with tempfile.TemporaryDirectory(prefix="nightdesk-listening-") as folder:
            for sound in _asked(given, Path(folder)):
                report = _report(sound)
                reports.append(report)
                if not given.json:
                    print(report.told(), flush=True)
    except (ear.NotHeardError, NotRecordedError, LookupError, OSError, DatabaseError) as error:
        detail = f" ({error.detail})" if getattr(error, "detail", "") else ""
        print(f"nightdesk: {error}{detail}", file=sys.stderr)
        return 2
    finally:
        ear.close()
        record.close()
    if given.json:
        print(json.dumps([one.as_data() for one in reports], ensure_ascii=False, indent=2))
    elif len(reports) > 1:
        print(_together(reports))
    return 1 if any(report.alarms for report in reports) else 0


def _asked(given: argparse.Namespace, folder: Path) -> Iterator[object]:
    from nightdesk.narration.listening import sounds

    for story in given.stories:
        sound = sounds.of_story(story)
        if sound is None:
            raise LookupError(f"There is no story {story!r} that is heard.")
        yield sound
    yield from sounds.newest(given.newest, given.language)
    texts = [given.text] if given.text else []
    for file in [*texts, *([SAMPLE] if given.sample else [])]:
        voice = _voice(given.voice, given.language)
        yield sounds.of_text(file.read_text(encoding="utf-8"), voice, folder)


def _voice(name: str | None, language: str) -> Voice:
    """The one that is asked for, else the one that reads stories here."""
    from nightdesk.narration import choosing

    if name is None:
        voice = choosing.voice_of(language)
        if isinstance(voice, choosing.NotRead):
            raise LookupError(voice.because)
        return voice
    there = choosing.offered(language)
    for voice in there:
        if voice.id == name:
            return voice
    raise LookupError(f"There is no voice {name!r}; there are: {', '.join(v.id for v in there)}.")


@dataclass(frozen=True, slots=True)
class Report:
    """One sound: how it compares, what is wrong with it as a sound. ``sentences`` as written."""

    title: str
    seconds: float
    comparison: object
    sentences: list[str]
    silences: list[list[float]]
    clipped: int
    peak: float

    @property
    def alarms(self) -> list[str]:
        told = [f"a sentence is not heard: {self.sentences[n]}" for n in self.comparison.lost]
        told += [f"silence of {end - start:.1f} s at {start:.1f} s" for start, end in self.silences]
        return told + ([f"{self.clipped} clipped samples"] if self.clipped else [])

    def told(self) -> str:
        said = self.comparison
        lines = [
            f"{self.title}",
            f"  {self.seconds:.0f} s, {said.words} words: {len(said.mistakes)} misheard "
            f"({said.share:.1%}); {said.wrong_names} of {said.names} names; "
            f"without names {said.share_without_names:.1%}",
            *(f"  ! {alarm}" for alarm in self.alarms),
            *(f"    {_mistake(one)}" for one in said.mistakes),
        ]
        return "\n".join(lines)

    def as_data(self) -> dict:
        said = self.comparison
        return {
            "title": self.title,
            "seconds": self.seconds,
            "words": said.words,
            "names": said.names,
            "misheard": len(said.mistakes),
            "names_misheard": said.wrong_names,
            "share": said.share,
            "share_without_names": said.share_without_names,
            "lost": [self.sentences[n] for n in said.lost],
            "silences": self.silences,
            "clipped": self.clipped,
            "peak": self.peak,
            "mistakes": [
                {
                    "said": one.said,
                    "heard": one.heard,
                    "name": one.is_name,
                    "sentence": self.sentences[one.sentence],
                }
                for one in said.mistakes
            ],
        }


def _report(sound: object) -> Report:
    from nightdesk.narration.listening import ear, words
    from nightdesk.narration.passages import lexicon_of

    heard = ear.hear(sound.file, sound.language, sound.seconds)
    ours = words.said(sound.sentences, sound.language, lexicon_of(sound.language))
    return Report(
        sound.title,
        heard.seconds,
        words.compare(ours, words.heard(heard.text, sound.language)),
        [one.written for one in sound.sentences],
        heard.silences,
        heard.clipped,
        heard.peak,
    )


def _mistake(one: object) -> str:
    mark = " (name)" if one.is_name else ""
    return f"{one.said or '–'} → {one.heard or '–'}{mark}"


def _together(reports: list[Report]) -> str:
    all_of = [report.comparison for report in reports]
    words, names = sum(one.words for one in all_of), sum(one.names for one in all_of)
    wrong = sum(len(one.mistakes) for one in all_of)
    wrong_names = sum(one.wrong_names for one in all_of)
    often = Counter(
        _mistake(mistake) for one in all_of for mistake in one.mistakes if mistake.said
    ).most_common(15)
    return "\n".join(
        [
            "",
            f"{len(reports)} sounds, {words} words: {wrong / max(1, words):.1%} misheard; "
            f"{wrong_names} of {names} names; without names "
            f"{(wrong - wrong_names) / max(1, words - names):.1%}; "
            f"{sum(len(report.alarms) for report in reports)} alarms",
            *(f"  {count} × {what}" for what, count in often if count > 1),
        ]
    )
