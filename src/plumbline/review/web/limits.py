"""How often somebody may try: token buckets, in memory or in the database."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from typing import Protocol

from sqlalchemy import delete
from sqlmodel import Session, col

from plumbline.review.database import Database
from plumbline.review.tables import Attempt

_MOST_KEYS = 10_000


class Limit(Protocol):
    """What counts tries by key."""

    def allow(self, key: str) -> bool:
        """Take one try; False when none is left."""

    def open(self, key: str) -> bool:
        """Tell whether a try is left, without taking it."""


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


class SharedRateLimit:
    """A token bucket per key, in the database: processes count together, and a restart forgets nothing.

    Args:
        database: Where it is kept.
        burst: Tries at once.
        per_minute: Tries regained per minute.
        clock: Seconds since 1970, the same for all processes.
    """

    def __init__(
        self, database: Database, burst: int, per_minute: float, clock: Callable[[], float] = time.time
    ) -> None:
        self.database, self.burst, self.rate, self.clock = database, burst, per_minute / 60.0, clock

    def allow(self, key: str) -> bool:
        """Take one try; False when none is left."""
        hashed, now = _hash(key), self.clock()

        def act(session: Session) -> bool:
            row = session.get(Attempt, hashed, with_for_update=True)
            left = self._left(row, now)
            if row is None:
                # A bucket that has filled up again says nothing.
                session.execute(delete(Attempt).where(col(Attempt.at) < now - self.burst / self.rate))
                row = Attempt(key=hashed, remaining=left, at=now)
            row.remaining, row.at = (left - 1 if left >= 1 else left), now
            session.add(row)
            return left >= 1

        return self.database.change(act)

    def open(self, key: str) -> bool:
        """Tell whether a try is left, without taking it."""
        with self.database.read() as session:
            return self._left(session.get(Attempt, _hash(key)), self.clock()) >= 1

    def _left(self, row: Attempt | None, now: float) -> float:
        if row is None:
            return float(self.burst)
        return min(float(self.burst), row.remaining + max(0.0, now - row.at) * self.rate)


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
