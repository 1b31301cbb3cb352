"""The chain holds what was appended, in that order, and shows it when somebody changed it."""

from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest

from nightdesk.audit import chain
from nightdesk.audit.chain import Entry, Walk

from .conftest import in_the_file


def write(count: int) -> None:
    for number in range(count):
        chain.append(Entry(chain.now(), "wagtail.publish", name="olena", label=f"№ {number}"))


def test_a_chain_that_nobody_touched_is_unbroken():
    write(5)
    walk = chain.verify()
    assert (walk.seq, walk.broken, walk.foreign) == (5, "", 0)


def test_no_chain_is_no_broken_chain():
    assert chain.verify() == Walk()


def test_an_entry_cannot_be_changed_or_deleted_by_accident():
    write(1)
    with sqlite3.connect(chain.path()) as opened:
        for statement in ("UPDATE entry SET name = 'x'", "DELETE FROM entry"):
            with pytest.raises(sqlite3.IntegrityError, match="only ever appended"):
                opened.execute(statement)


@pytest.mark.parametrize("column", ["name", "action", "label", "note", "content", "at", "stands"])
def test_an_altered_entry_is_found(column):
    write(5)
    in_the_file(f"UPDATE entry SET {column} = '\"x\"' WHERE seq = 3")
    assert chain.verify().broken.startswith("entry 3 was altered")


def test_a_missing_entry_is_found():
    write(5)
    in_the_file("DELETE FROM entry WHERE seq = 3")
    assert chain.verify().broken == "entry 3 is missing"


def test_a_missing_end_is_found():
    write(5)
    in_the_file("DELETE FROM entry WHERE seq > 3")
    assert chain.verify().broken.startswith("its end is missing: 5 entries were written")


def test_a_chain_that_fits_but_was_written_without_the_key_is_found(settings):
    write(3)
    real = settings.SECRET_KEY
    named = chain.key_name()
    settings.SECRET_KEY = "a forger's guess" * 5
    chain.append(Entry(chain.now(), "wagtail.publish", name="the editor"))
    forged = chain.key_name()
    settings.SECRET_KEY = real
    walk = chain.verify()
    assert (walk.broken, walk.foreign) == ("", 1)
    in_the_file("UPDATE entry SET key = ? WHERE key = ?", named, forged)
    assert chain.verify().broken == "entry 4 was not written by this newsroom"


def test_a_chain_written_anew_without_the_key_does_not_end_as_it_did(settings):
    write(3)
    real, head = settings.SECRET_KEY, chain._head_path().read_bytes()
    chain.path().unlink()
    settings.SECRET_KEY = "a forger's guess" * 5
    write(3)
    settings.SECRET_KEY = real
    assert chain.verify().foreign == 3
    chain._head_path().write_bytes(head)
    assert chain.verify().broken == "entry 3 is another one than was written"


def test_several_processes_append_to_one_chain():
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: write(5), range(4)))
    walk = chain.verify()
    assert (walk.seq, walk.broken) == (20, "")


def test_what_was_begun_and_failed_leaves_nothing():
    write(1)
    with pytest.raises(ZeroDivisionError), chain.writing() as book:
        book.append(Entry(chain.now(), "wagtail.publish"))
        raise ZeroDivisionError
    assert chain.verify().seq == 1


def test_only_the_owner_of_the_folder_can_read_it():
    write(1)
    assert chain.path().stat().st_mode & 0o077 == 0


def test_an_exported_line_holds_everything_that_its_hash_is_over():
    write(1)
    with chain.reading() as book:
        line = json.loads(book.last().as_json())
    assert line["label"] == "№ 0"
    assert line.keys() == {*chain._ALL}
