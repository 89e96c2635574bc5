"""How far a long load is: a bar on a terminal, a line now and then in a log."""

import sys
import time

BAR = 24
TERMINAL_SECONDS = 0.2
LOG_SECONDS = 10.0


class Progress:
    """Shows the share done, rows, rows per second and the time left, on the error output."""

    def __init__(self, total: int) -> None:
        self._total = max(total, 1)
        self._started = self._shown = time.monotonic()
        self._is_terminal = sys.stderr.isatty()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._started

    def show(self, done: int, rows: int, *, last: bool = False) -> None:
        """Say that `done` of the total is done, unless that was said a moment ago."""
        pause = TERMINAL_SECONDS if self._is_terminal else LOG_SECONDS
        if not last and time.monotonic() - self._shown < pause:
            return
        self._shown = time.monotonic()
        text = self._line(done, rows)
        sys.stderr.write(f"\r{text}\033[K{chr(10) if last else ''}" if self._is_terminal else f"{text}\n")
        sys.stderr.flush()

    def _line(self, done: int, rows: int) -> str:
        share = min(done / self._total, 1.0)
        full = int(share * BAR)
        left = int(self.seconds * (1 - share) / share) if share else 0
        bar = "#" * full + "." * (BAR - full)
        rate = rows / max(self.seconds, 0.001)
        return f"[{bar}] {share:6.1%}  {rows:,} rows  {rate:,.0f} rows/s  {left // 60}:{left % 60:02d} left"
