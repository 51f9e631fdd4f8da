"""Where questions wait for a processor: so many at once, so many in line, and a word to whoever is too many."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

# More than the processors only take turns; each still answers one question at a time.
AT_ONCE = max(2, min(8, os.cpu_count() or 2))
# So many may wait; whoever comes then is told at once.
MOST_WAITING = 400
# Seconds after which it is worth coming again: the line moves by some ten questions a second.
COME_AGAIN = 20


class Full(Exception):
    """So many wait already that one more would wait for minutes."""


class Line:
    """Threads that answer, and how many wait for them. It is for who runs an event loop."""

    def __init__(self, at_once: int = AT_ONCE, most: int = MOST_WAITING) -> None:
        self._workers = ThreadPoolExecutor(at_once, "asking")
        self._most = most
        self.waiting = 0

    async def through(self, work: Callable[[], T]) -> T:
        """What the work gives, done when its turn has come; Full where the line is too long."""
        if self.waiting >= self._most:
            raise Full
        self.waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._workers, work)
        finally:
            self.waiting -= 1
