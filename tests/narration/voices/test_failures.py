"""A voice that crashes, hangs, babbles or falls silent costs a sentence, and nobody else anything."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from nightdesk.narration.voices import booth, engines
from nightdesk.narration.voices.ports import NotRecordedError, Reason, Voice

SENTENCE = "The president met his commanders."


@pytest.fixture
def voice() -> Voice:
    return engines.engine("tone").voices()[0]


@contextlib.contextmanager
def impatience():
    """For what never ends alone: what does end may take a busy machine longer."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(booth, "SECONDS", 0.3)
        patched.setattr(booth, "SECONDS_A_CHARACTER", 0.0)
        yield


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("crash", Reason.CRASHED),
        ("error", Reason.CRASHED),
        ("memory", Reason.CRASHED),
        ("garbage", Reason.GARBLED),
        ("endless", Reason.GARBLED),
        ("silence", Reason.SILENT),
        ("short", Reason.SILENT),
        ("nan", Reason.BROKEN_SOUND),
        ("clipping", Reason.CLIPPED),
    ],
)
def test_what_goes_wrong_twice_is_one_failure_with_a_reason(voice, fault, reason):
    with pytest.raises(NotRecordedError) as failed:
        booth.speak(voice, SENTENCE, fault=fault)
    assert failed.value.reason is reason
    assert failed.value.sentence == SENTENCE


@pytest.mark.parametrize("fault", ["crash", "garbage", "silence"])
def test_what_goes_wrong_once_is_tried_again(voice, fault, tmp_path):
    happened = tmp_path / "happened"
    assert booth.speak(voice, SENTENCE, fault=f"{fault}:president:{happened}").seconds > 1
    assert happened.exists()


def test_a_voice_that_hangs_is_killed(voice):
    child = booth.child_of(voice, fault="hang:never")
    booth.speak(voice, "A word.", fault="hang:never")
    first = child.pid
    with impatience(), pytest.raises(NotRecordedError) as failed:
        booth.speak(voice, "It never ends.", fault="hang:never")
    assert failed.value.reason is Reason.TOO_SLOW
    assert child.pid is None and not Path(f"/proc/{first}").exists()
    assert booth.speak(voice, "A word.", fault="hang:never").seconds > 0


def test_a_voice_killed_in_the_middle_is_started_again(voice, tmp_path):
    options = {"fault": f"hang:president:{tmp_path / 'began'}"}
    child = booth.child_of(voice, **options)

    def kill():
        while not (tmp_path / "began").exists():
            time.sleep(0.01)
        os.kill(child.pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    assert booth.speak(voice, SENTENCE, **options).seconds > 1
    killer.join()


def test_a_voice_that_nobody_asks_leaves_and_comes_back(voice):
    child = booth.child_of(voice, idle=0.2)
    booth.speak(voice, SENTENCE, idle=0.2)
    deadline = time.monotonic() + 30
    while child.pid and time.monotonic() < deadline:
        time.sleep(0.02)
    assert child.pid is None
    assert booth.speak(voice, SENTENCE, idle=0.2).seconds > 1


def test_two_threads_share_one_voice_and_each_gets_its_own_sentence(voice):
    heard = {}

    def speak(words: int):
        heard[words] = booth.speak(voice, "word " * words).seconds

    threads = [threading.Thread(target=speak, args=(words,)) for words in range(1, 9)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [heard[words] for words in range(1, 9)] == sorted(heard.values())
    assert heard[8] == pytest.approx(8 * heard[1], rel=0.05)


def test_a_fork_does_not_speak_through_its_parents_pipe(voice):
    booth.speak(voice, SENTENCE)
    mine = booth.child_of(voice).pid
    reader, writer = os.pipe()
    forked = os.fork()
    if not forked:
        try:
            booth.speak(voice, SENTENCE)
            os.write(writer, str(booth.child_of(voice).pid).encode())
            booth.close()
        finally:
            os._exit(0)
    os.waitpid(forked, 0)
    theirs = int(os.read(reader, 100))
    os.close(reader), os.close(writer)
    assert theirs != mine
    assert booth.child_of(voice).pid == mine
    assert booth.speak(voice, SENTENCE).seconds > 1


def test_a_voice_reaches_nobody_knows_no_secret_and_gives_way(voice, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody:secret@db/newsroom")
    options = {"fault": "network"}
    with pytest.raises(NotRecordedError) as failed:
        booth.speak(voice, SENTENCE, **options)
    assert "narration talks to nobody" in failed.value.detail
    booth.speak(voice, SENTENCE, fault="nothing")
    child = Path(f"/proc/{booth.child_of(voice, fault='nothing').pid}")
    assert b"secret" not in (child / "environ").read_bytes()
    niceness = int((child / "stat").read_text().rpartition(")")[2].split()[16])
    assert niceness == max(os.nice(0), 15)


def test_an_engine_that_is_not_installed_is_a_reason_too(voice, monkeypatch):
    monkeypatch.setattr(type(engines.engine("tone")), "version", lambda _self: "")
    with pytest.raises(NotRecordedError) as failed:
        booth.speak(voice, SENTENCE)
    assert failed.value.reason is Reason.EXTRA_MISSING


def test_a_voice_that_was_asked_to_come_answers_without_another_start(voice):
    booth.close()
    booth.begin(voice)
    come = booth.child_of(voice).pid
    assert come
    booth.begin(voice)
    assert booth.speak(voice, SENTENCE).seconds > 1
    assert booth.child_of(voice).pid == come


def test_a_voice_that_died_on_its_way_is_started_again(voice):
    booth.close()
    booth.begin(voice)
    come = booth.child_of(voice).pid
    os.kill(come, signal.SIGKILL)
    assert booth.speak(voice, SENTENCE).seconds > 1
    assert booth.child_of(voice).pid not in {None, come}


def test_a_voice_that_is_not_installed_is_not_asked_to_come(voice, monkeypatch):
    booth.close()
    monkeypatch.setattr(type(engines.engine("tone")), "version", lambda self: "")
    booth.begin(voice)
    assert booth.child_of(voice).pid is None
