"""However many editors upload at once, only a few pictures are worked on at a time."""

import subprocess
import sys
import threading
import time

import pytest

from nightdesk.media.turns import PLACES, a_turn


def test_no_more_than_the_places_there_are_are_taken_at_once(tmp_path):
    inside, most, lock = 0, 0, threading.Lock()

    def develop():
        nonlocal inside, most
        with a_turn(tmp_path):
            with lock:
                inside += 1
                most = max(most, inside)
            time.sleep(0.05)
            with lock:
                inside -= 1

    threads = [threading.Thread(target=develop) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == PLACES


def test_a_killed_process_gives_its_place_back(tmp_path):
    code = (
        "import sys, time, pathlib; from nightdesk.media.turns import a_turn\n"
        "with a_turn(pathlib.Path(sys.argv[1])):\n    print('in', flush=True); time.sleep(60)"
    )
    holders = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
        for _ in range(PLACES)
    ]
    for holder in holders:
        holder.stdout.readline()
    with pytest.raises(TimeoutError), a_turn(tmp_path, patience=0.2):
        pass
    for holder in holders:
        holder.kill()
        holder.wait()
        holder.stdout.close()
    with a_turn(tmp_path, patience=5):
        pass
