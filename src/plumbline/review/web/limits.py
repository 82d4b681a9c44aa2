"""How often somebody may try."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

_MOST_KEYS = 10_000


class RateLimit:
    """A token bucket per key, in this process's memory.

    Args:
        burst: Tries at once.
        per_minute: Tries regained per minute.
        clock: Seconds, monotonic.
    """

    def __init__(self, burst: int, per_minute: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.burst, self.rate, self.clock = burst, per_minute / 60.0, clock
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def allow(self, key: str) -> bool:
        """Take one try; False when none is left."""
        with self._lock:
            now = self.clock()
            left = self._left(key, now)
            if len(self._buckets) > _MOST_KEYS:
                self._forget(now)
            self._buckets[key] = (left - 1 if left >= 1 else left, now)
            return left >= 1

    def open(self, key: str) -> bool:
        """Tell whether a try is left, without taking it."""
        with self._lock:
            return self._left(key, self.clock()) >= 1

    def _left(self, key: str, now: float) -> float:
        left, at = self._buckets.get(key, (float(self.burst), now))
        return min(float(self.burst), left + (now - at) * self.rate)

    def _forget(self, now: float) -> None:
        # A bucket that has filled up again says nothing.
        full = self.burst / self.rate
        self._buckets = {key: entry for key, entry in self._buckets.items() if now - entry[1] < full}
