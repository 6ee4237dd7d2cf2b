"""Many pictures: each core drafts one of its own, a little ahead of whoever takes the results in order."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

import torch

from lsegdiff_gui.machine import usable_cores

Key = TypeVar("Key", bound=Hashable)
Result = TypeVar("Result")

MOST_AT_ONCE = 8  # pictures in memory, each of up to a few hundred megabytes


def at_once(device: str, pictures: int) -> int:
    """How many of so many pictures to draft at the same time: one for each core; a graphics card has one queue."""
    if device != "cpu" or pictures < 2 * usable_cores():
        return 1
    return min(usable_cores(), MOST_AT_ONCE)


class Ahead(Generic[Key, Result]):
    """Does some work for each of `keys` in `threads` threads of one torch thread each, in order and a little ahead.

    Use it in a `with` statement: leaving it drops what has not begun.
    """

    def __init__(self, keys: Sequence[Key], work: Callable[[Key], Result], *, threads: int) -> None:
        self._waiting = OrderedDict.fromkeys(keys)
        self._work = work
        self._threads = threads
        self._begun: dict[Key, Future[Result]] = {}
        alone = threads == 1
        self._pool = ThreadPoolExecutor(
            threads, "draft", initializer=None if alone else lambda: torch.set_num_threads(1)
        )

    def __enter__(self) -> Ahead[Key, Result]:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def result(self, key: Key) -> Result:
        """What the work gave for a key, or raises what it raised. Each key may be asked for once, best in order."""
        self._waiting.pop(key, None)
        if key not in self._begun:
            self._begun[key] = self._pool.submit(self._work, key)
        while self._waiting and len(self._begun) <= 2 * self._threads:
            following, _ = self._waiting.popitem(last=False)
            self._begun[following] = self._pool.submit(self._work, following)
        return self._begun.pop(key).result()
