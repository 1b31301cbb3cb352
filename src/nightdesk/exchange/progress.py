"""A progress bar of one line, for people at a terminal only."""

from types import TracebackType
from typing import Self, TextIO

_WIDTH = 30


class Progress:
    """Draws on `out` when that is a terminal; otherwise only what is said appears."""

    def __init__(self, total: int, out: TextIO) -> None:
        self.total = max(1, total)
        self.out = out
        self.is_shown = out.isatty()
        self._drawn = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def show(self, done: int, stories: int) -> None:
        """`done` of the total number of bytes are read, so many stories have been dealt with."""
        if not self.is_shown:
            return
        share = min(1.0, done / self.total)
        bar = "█" * round(share * _WIDTH)
        line = f"{bar:·<{_WIDTH}} {share:4.0%}  {stories:,} stories"
        self.clear()
        self.out.write(line)
        self.out.flush()
        self._drawn = len(line)

    def say(self, text: str) -> None:
        """A line that stays."""
        self.clear()
        print(text, file=self.out, flush=True)

    def clear(self) -> None:
        """Take the bar away, so that something else can be written."""
        if self._drawn:
            self.out.write("\r" + " " * self._drawn + "\r")
            self.out.flush()
            self._drawn = 0
