"""The newsstand is killed, and then changed, under readers who follow: all come back, one by one."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator

from nightdesk.bench.live.newsroom import Open, live_newsroom
from nightdesk.bench.live.options import Options
from nightdesk.bench.serving.figure import Figure

#: So many who come back in one second are no stampede: a tenth of what the newsstand could take.
_EACH_SECOND = 600
_PATIENCE = 60.0


def measure(options: Options) -> Iterator[Figure]:
    with live_newsroom() as live:
        count = options.restarted
        live.crowd.follow(count)
        live.wait_until_all_have_it()
        for how, number in (("killed", signal.SIGKILL), ("changed", signal.SIGHUP)):
            live.crowd.begun.clear()
            words = f"A brief while the newsstand is {how}."
            child = "nd-newsstand" if number == signal.SIGKILL else "nd-door"
            began = time.time()
            os.kill(live.opened.child(child), number)
            live.someone.do("brief", text=words)
            back = _wait_until_all_are_back(live, words)
            seconds = Counter(int(moment - began) for moment in live.crowd.begun)
            most = max(seconds.values(), default=0)
            yield Figure(
                f"restart.{how}",
                f"newsstand {how} under {count:,} readers: with a stream again, "
                "and with the brief published meanwhile",
                back,
                "readers",
                goal="all",
                met=back == count,
                note=f"the last after {max(live.crowd.begun, default=began) - began:.1f} s",
            )
            yield Figure(
                f"restart.{how}.stampede",
                "the most of them in one second",
                most,
                "readers",
                goal=f"≤ {_EACH_SECOND}",
                met=most <= _EACH_SECOND,
            )
            live.crowd.rest(3.0)


def _wait_until_all_are_back(live: Open, words: str) -> int:
    readers = live.crowd.readers

    def back() -> int:
        right = {tag for tag, held in live.crowd.documents.items() if words in held}
        return sum(reader.open and reader.etag in right for reader in readers)

    live.crowd.run(
        lambda: len(live.crowd.begun) >= len(readers) and back() == len(readers), _PATIENCE
    )
    return back()
