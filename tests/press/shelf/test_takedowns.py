"""The list of takedowns holds whatever happens while it is written."""

from __future__ import annotations

import os
import stat
import threading

from nightdesk.press.shelf import takedowns
from nightdesk.press.shelf.takedowns import NAME, Withdrawn


def down(data, path="/news/a-name/", **more):
    return takedowns.take_down(data, Withdrawn(id=takedowns.new_id(), path=path, **more))


def test_what_is_put_on_the_list_is_read_back_whole(tmp_path):
    one = down(
        tmp_path, paths=("/old/",), stems=("pictures/ab",), keys=(1, 2**62), reason="a\u2028b"
    )
    assert takedowns.read(tmp_path).down == {one.id: one}
    assert one.at > 0


def test_an_address_counts_with_and_without_its_last_slash(tmp_path):
    down(tmp_path, "/uk/новини/міст/", paths=("/old",))
    held = takedowns.read(tmp_path)
    for path in ("/uk/новини/міст/", "/uk/новини/міст", "/old", "/old/"):
        assert held.at(path), path
    assert not held.at("/uk/новини/") and not held.at("/")


def test_a_lifted_takedown_is_over_whatever_comes_in_which_order(tmp_path):
    one = down(tmp_path)
    takedowns.lift(tmp_path, one.id, "anna")
    assert not takedowns.read(tmp_path).down
    takedowns.take_down(tmp_path, one)  # another machine has not heard of it yet
    held = takedowns.read(tmp_path)
    assert not held.down and held.lifted[one.id].by == "anna"


def test_what_becomes_known_later_is_added(tmp_path):
    one = down(tmp_path)
    takedowns.add(tmp_path, one.id, paths=["/alias/"], keys=[7], kind="story", thing="12")
    held = takedowns.read(tmp_path).down[one.id]
    assert held.paths == ("/alias/",) and held.keys == (7,)
    assert (held.kind, held.thing, held.reason) == ("story", "12", one.reason)


def test_a_line_torn_by_a_power_cut_costs_neither_those_before_nor_those_after(tmp_path):
    first = down(tmp_path, "/one/")
    with (tmp_path / NAME).open("ab") as file:
        file.write(b'{"down": {"id": "half", "pa')
    second = down(tmp_path, "/two/")
    assert set(takedowns.read(tmp_path).down) == {first.id, second.id}


def test_what_a_newer_version_says_beyond_our_words_takes_down_all_the_same(tmp_path):
    line = '{"down": {"id": "one", "path": "/a/", "colour": "red"}}\n'
    (tmp_path / NAME).write_text(line)
    assert takedowns.read(tmp_path).at("/a")


def test_many_may_write_at_once(tmp_path):
    writers = [
        threading.Thread(target=down, args=(tmp_path, f"/{number}/"), kwargs={"reason": "x" * 9000})
        for number in range(20)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(takedowns.read(tmp_path).down) == 20


def test_the_reasons_are_for_the_owner_of_the_folder_alone(tmp_path):
    before = os.umask(0)
    try:
        down(tmp_path)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600


def test_whoever_watches_learns_of_changes_and_does_not_take_a_lost_list_for_a_lift(tmp_path):
    told = []
    watched = takedowns.Watched(tmp_path, lambda held: told.append(set(held.down)))
    assert not watched.look()
    one = down(tmp_path)
    assert watched.look() and not watched.look()
    (tmp_path / NAME).unlink()
    assert not watched.look()
    assert set(watched.held.down) == {one.id} and told[-1] == {one.id}
