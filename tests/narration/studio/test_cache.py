"""What was spoken once is kept while it is used, and no longer."""

from __future__ import annotations

import os
import time
from dataclasses import replace

from nightdesk.narration.studio import cache
from nightdesk.narration.voices import engines

VOICE = engines.engine("tone").voices()[0]


def keep(folder, sentence: str, *, days: float = 0.0, size: int = 1000):
    file = cache.place(folder, VOICE, sentence)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"x" * size)
    used = time.time() - days * 86_400
    os.utime(file, (used, used))
    return file


def test_a_name_depends_on_everything_that_is_heard_and_shows_nothing(tmp_path):
    names = {
        cache.place(tmp_path, VOICE, "The source spoke."),
        cache.place(tmp_path, VOICE, "The source spoke"),
        cache.place(tmp_path, replace(VOICE, speed=1.1), "The source spoke."),
        cache.place(tmp_path, replace(VOICE, checksum="0"), "The source spoke."),
        cache.place(tmp_path, replace(VOICE, name="other"), "The source spoke."),
    }
    assert len(names) == 5
    assert not any("source" in str(name.relative_to(tmp_path)) for name in names)


def test_what_nobody_used_for_thirty_days_goes(tmp_path):
    old, used, new = keep(tmp_path, "a", days=40), keep(tmp_path, "b", days=40), keep(tmp_path, "c")
    assert cache.has(used)
    assert cache.prune(tmp_path) == 1
    assert [file.exists() for file in (old, used, new)] == [False, True, True]


def test_when_there_is_too_much_the_longest_unused_goes(tmp_path):
    files = [keep(tmp_path, str(days), days=days) for days in (3, 2, 1)]
    assert cache.prune(tmp_path, most_bytes=2000) == 1
    assert [file.exists() for file in files] == [False, True, True]


def test_what_a_killed_process_left_goes_after_a_day(tmp_path):
    left = keep(tmp_path, "a").with_name(".abc.flac-123")
    left.write_bytes(b"half")
    cache.prune(tmp_path)
    assert left.exists()
    os.utime(left, (time.time() - 2 * 86_400,) * 2)
    cache.prune(tmp_path)
    assert not left.exists()


def test_it_is_pruned_now_and_then_not_at_every_story(tmp_path):
    cache.prune_now_and_then(tmp_path)
    old = keep(tmp_path, "a", days=40)
    cache.prune_now_and_then(tmp_path)
    assert old.exists()
    os.utime(tmp_path / ".pruned", (time.time() - 7200,) * 2)
    cache.prune_now_and_then(tmp_path)
    assert not old.exists()


def test_a_sentence_that_shall_not_be_kept_is_forgotten(tmp_path):
    kept, named = keep(tmp_path, "a"), keep(tmp_path, "The source is called so.")
    cache.forget(tmp_path, VOICE, ["The source is called so.", "never spoken"])
    assert kept.exists() and not named.exists()
