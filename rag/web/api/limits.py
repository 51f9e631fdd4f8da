"""How much one client may ask: a bucket that fills up again, a drop for every question."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

# Questions a minute; a reader asks some three, a script on this machine some six hundred.
RATE = 600
# Clients that are remembered; one who is forgotten begins with a full bucket.
MOST_CLIENTS = 10_000


@dataclass(slots=True)
class _Bucket:
    drops: float
    seen: float


class Limits:
    """A bucket a client, each of a minute's questions. For who runs an event loop: it takes no lock."""

    def __init__(self, rate: int = RATE, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._per_second, self._clock = float(rate), rate / 60, clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait(self, client: str, drops: int = 1) -> float:
        """0 where the client may go on, and the drops are taken; else the seconds until it may."""
        now = self._clock()
        bucket = self._buckets.pop(client, None) or _Bucket(self._most, now)
        bucket.drops = min(self._most, bucket.drops + (now - bucket.seen) * self._per_second)
        bucket.seen = now
        self._buckets[client] = bucket
        while len(self._buckets) > MOST_CLIENTS:
            self._buckets.popitem(last=False)
        if bucket.drops < drops:
            return (min(drops, self._most) - bucket.drops) / self._per_second
        bucket.drops -= drops
        return 0.0
