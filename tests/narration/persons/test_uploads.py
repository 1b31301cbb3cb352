"""A stranger's file → our own sound and nothing else, or a reason that has a sentence."""

from __future__ import annotations

import os
import struct
import wave
from pathlib import Path

import mutagen
import numpy as np
import pytest
import soundfile

from nightdesk.narration.persons import words
from nightdesk.narration.studio import mixing, upload_child, uploads
from nightdesk.narration.studio.refusals import Refusal, RefusedError
from tests.narration.persons.recordings import KINDS, SECRET, speech, with_secrets, write


def answer(file: Path, folder: Path) -> dict:
    """What the child says, without a process for each file."""
    outputs = [[str(folder / "player"), 64], [str(folder / "podcast"), 96]]
    asked = {"do": "take in", "file": str(file), "bench": str(folder), "outputs": outputs}
    return upload_child._answer(asked)


@pytest.mark.parametrize("kind", KINDS)
def test_of_every_kind_only_the_sound_is_left_as_loud_as_a_voice(kind, tmp_path):
    file = with_secrets(tmp_path / "upload", kind)
    assert SECRET.encode() in file.read_bytes()
    (tmp_path / "bench").mkdir()
    said = answer(file, tmp_path / "bench")
    assert 2.8 < said["seconds"] < 3.3, said
    for name, kbit in (("player", 64), ("podcast", 96)):
        made = tmp_path / "bench" / name
        data = made.read_bytes()
        assert SECRET.encode() not in data and b"sydorenko" not in data and b"ID3" not in data
        loudness, peak = mixing.read_back(made)
        assert abs(loudness + 16) <= 1 and peak <= -1
        assert mutagen.File(made).info.bitrate == kbit * 1000
        # Where it was loud it is loud, where it was silent it is silent.
        sound, rate = soundfile.read(made)
        assert rate == 44_100 and np.abs(sound[: 44_100 // 8]).max() > 0.05


def test_what_is_quiet_is_brought_up_and_what_is_loud_down(tmp_path):
    for loud in (0.012, 0.9):
        (tmp_path / str(loud)).mkdir()
        file = write(tmp_path / "upload", loud=loud)
        said = answer(file, tmp_path / str(loud))
        assert abs(said["loudness"] + 16) <= 1 and said["peak"] <= -1, (loud, said)


def test_a_long_sound_comes_out_in_one_piece(tmp_path):
    """It is worked on ten seconds at a time: nothing is lost, doubled or heard at a seam."""
    rate = 48_000
    t = np.arange(25 * rate) / rate
    steady = (0.1 * np.sin(2 * np.pi * 500 * t)).astype(np.float32)
    soundfile.write(tmp_path / "upload", steady, rate, format="FLAC")
    said = answer(tmp_path / "upload", tmp_path)
    assert said["seconds"] == 25
    sound, _rate = soundfile.read(tmp_path / "player")
    middle = sound[44_100 : 24 * 44_100]
    hops = np.abs(middle[: len(middle) // 441 * 441].reshape(-1, 441)).max(axis=1)
    assert hops.max() / hops.min() < 1.15


def wav(frames: bytes = b"\0\0" * 40_000, rate: int = 16_000, channels: int = 1) -> bytes:
    """Whatever its header says."""
    head = struct.pack("<4sI4s", b"RIFF", 36 + len(frames), b"WAVE")
    kind = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, rate, 32_000, 2 * channels, 16)
    return head + kind + struct.pack("<4sI", b"data", len(frames)) + frames


def pcm(seconds: float = 3) -> bytes:
    return (speech(seconds) * 32767).astype("<i2").tobytes()


def cut(kind: str, share: float = 0.6):
    def made(tmp_path: Path) -> bytes:
        whole = write(tmp_path / "whole", kind).read_bytes()
        return whole[: int(len(whole) * share)]

    return made


def broken(kind: str):
    """The head is right, the rest is noise."""

    def made(tmp_path: Path) -> bytes:
        whole = write(tmp_path / "whole", kind).read_bytes()
        noise = np.random.default_rng(7).integers(0, 256, len(whole), np.uint8).tobytes()
        return whole[:200] + noise[200:]

    return made


def endless_flac(tmp_path: Path) -> bytes:
    """Two hours of silence in half a megabyte."""
    with soundfile.SoundFile(tmp_path / "long", "w", 8_000, 1, format="FLAC") as file:
        for _ in range(720):
            file.write(np.zeros(80_000, np.float32))
    whole = bytearray((tmp_path / "long").read_bytes())
    assert len(whole) < 1_000_000
    # STREAMINFO: how many samples there are is not said.
    whole[21] &= 0xF0
    whole[22:26] = bytes(4)
    return bytes(whole)


HOSTILE = {
    "nothing": (b"", Refusal.EMPTY),
    "one byte": (b"R", Refusal.NOT_SOUND),
    "text": (b"This is my recording. " * 50, Refusal.NOT_SOUND),
    "a picture": (b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(200), Refusal.NOT_SOUND),
    "a web page": (b"<!doctype html><script>alert(1)</script>", Refusal.NOT_SOUND),
    "an archive": (b"PK\x03\x04" + bytes(200), Refusal.NOT_SOUND),
    "a program": (b"\x7fELF" + bytes(200), Refusal.NOT_SOUND),
    "a video of a browser": (b"\x1aE\xdf\xa3" + bytes(200), Refusal.OTHER_SOUND),
    "a Mac's sound": (b"FORM\0\0\0\0AIFF" + bytes(200), Refusal.OTHER_SOUND),
    "MPEG-4 with nothing in it": (b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42", Refusal.DAMAGED),
    "MPEG-4 with a box without end": (
        b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42\xff\xff\xff\xffmoov" + bytes(64),
        Refusal.NOT_SOUND,
    ),
    "a tag and nothing behind it": (b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + bytes(64), Refusal.DAMAGED),
    "MP3 frames of noise": (b"\xff\xfb\x90\0" + bytes(range(256)) * 8, Refusal.DAMAGED),
    "Ogg with nothing in it": (b"OggS\0\x02" + bytes(21), Refusal.DAMAGED),
    "an hour promised, a second there": (
        struct.pack("<4sI4s", b"RIFF", 200_000_000, b"WAVE") + wav()[12:],
        Refusal.CUT_OFF,
    ),
    "one sample a second": (wav(rate=1), Refusal.DAMAGED),
    "two billion samples a second": (wav(rate=0x7FFFFFF0), Refusal.DAMAGED),
    "no channel": (wav(channels=0), Refusal.DAMAGED),
    "a thousand channels": (wav(channels=1000), Refusal.OTHER_SOUND),
    "silence": (wav(), Refusal.TOO_QUIET),
    "half a second": (wav(pcm(0.5)), Refusal.TOO_SHORT),
    "WAV cut off": (wav(pcm())[:-30_000], Refusal.CUT_OFF),
    "FLAC cut off": (cut("flac"), {Refusal.CUT_OFF, Refusal.DAMAGED}),
    "Ogg cut off": (cut("ogg"), Refusal.CUT_OFF),
    "Opus cut off": (cut("opus"), Refusal.CUT_OFF),
    "MP3 cut off": (cut("mp3"), Refusal.CUT_OFF),
    "M4A cut off": (cut("m4a"), Refusal.DAMAGED),
    "FLAC of noise": (broken("flac"), {Refusal.CUT_OFF, Refusal.DAMAGED, Refusal.TOO_SHORT}),
    "M4A of noise": (broken("m4a"), Refusal.DAMAGED),
    "no end": (endless_flac, Refusal.TOO_LONG),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_no_recording_is_refused_for_a_reason(what, tmp_path):
    made, expected = HOSTILE[what]
    file, bench = tmp_path / "upload", tmp_path / "bench"
    bench.mkdir()
    file.write_bytes(made(tmp_path) if callable(made) else made)
    said = answer(file, bench)
    expected = expected if isinstance(expected, set) else {expected}
    assert Refusal(said.get("refused")) in expected, said


def test_numbers_that_are_none_are_no_sound(tmp_path):
    samples = speech(3)
    samples[1000:1100], samples[5000], samples[6000] = np.nan, np.inf, -1e30
    soundfile.write(tmp_path / "upload", samples, 16_000, format="WAV", subtype="FLOAT")
    assert abs(answer(tmp_path / "upload", tmp_path)["loudness"] + 16) <= 1


def test_a_recorder_that_wrote_into_a_pipe_promised_nothing(tmp_path):
    data = bytearray(wav(pcm()))
    data[4:8] = data[40:44] = b"\xff\xff\xff\xff"
    (tmp_path / "upload").write_bytes(data)
    assert "seconds" in answer(tmp_path / "upload", tmp_path)


@pytest.mark.parametrize("refusal", list(Refusal), ids=lambda one: one.name)
def test_every_reason_has_a_sentence_that_says_what_to_do(refusal):
    said = words.sentence(refusal)
    assert said.endswith(".") and "%" not in said and len(said) > 40


def test_a_process_of_its_own_makes_it_and_leaves_nothing_else_behind(tmp_path):
    file = with_secrets(tmp_path / "upload", "m4a")
    assert 2.8 < uploads.look(file) < 3.3
    taken = uploads.take_in(file, tmp_path / "made")
    assert sorted(tmp_path.joinpath("made").iterdir()) == sorted([taken.player, taken.podcast])
    assert abs(taken.loudness + 16) <= 1 and taken.peak <= -1


@pytest.mark.parametrize(
    ("fault", "refusal"),
    [
        ("os.kill(os.getpid(), 11)", Refusal.DAMAGED),
        ("bytearray(1 << 30)", Refusal.TOO_MUCH),
        ("time.sleep(60)", Refusal.TOO_MUCH),
        ("os._exit(3)", Refusal.DAMAGED),
        ("open(question['outputs'][0][0], 'wb').truncate(1 << 40)", Refusal.DISK_FULL),
    ],
)
def test_a_decoder_that_crashes_swells_or_hangs_costs_a_sentence(
    fault, refusal, tmp_path, monkeypatch
):
    """The real process and its walls; in it, in the place of a decoder, what a decoder may do."""
    child = tmp_path / "hurt.py"
    child.write_text(
        "import os, time\nfrom nightdesk.narration.studio import upload_child, whole\n"
        f"def hurt(*_):\n    import sys; question = {{'outputs': [[{str(tmp_path / 'x')!r}]]}}\n"
        f"    {fault}\n"
        "whole.take_in = hurt\nupload_child.main()\n"
    )
    real = uploads.Apart

    def hurt(_module: str, *arguments: str) -> uploads.Apart:
        made = real("nightdesk", *arguments)
        made._command = [made._command[0], str(child), *arguments]
        return made

    monkeypatch.setattr(uploads, "Apart", hurt)
    file = write(tmp_path / "upload")
    with pytest.raises(RefusedError) as refused:
        uploads.take_in(file, tmp_path / "made", seconds=2.0)
    assert refused.value.refusal is refusal, refused.value.detail
    assert list((tmp_path / "made").iterdir()) == []


def test_what_is_too_big_or_empty_starts_no_process(tmp_path, monkeypatch):
    monkeypatch.setattr(uploads, "Apart", None)
    file = tmp_path / "upload"
    file.touch()
    for size, refusal in ((0, Refusal.EMPTY), (uploads.MOST_BYTES + 1, Refusal.TOO_BIG)):
        os.truncate(file, size)
        with pytest.raises(RefusedError) as refused:
            uploads.look(file)
        assert refused.value.refusal is refusal


def test_a_wave_file_of_the_standard_library_is_one(tmp_path):
    with wave.open(str(tmp_path / "upload"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(3)
        file.setframerate(96_000)
        file.writeframes(
            b"".join(struct.pack("<i", int(n * 2**31))[1:] * 2 for n in speech(2, 96_000))
        )
    assert answer(tmp_path / "upload", tmp_path).get("seconds") == 2
