"""How far drafting many pictures is, and how long it will take: without Qt."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

# The last pictures say how fast it goes now: another window, or a person who draws, changes that.
_LAST = 20
_FEWEST = 3


@dataclass(frozen=True)
class BatchProgress:
    """`done` of `total` pictures, failed ones among them; left: seconds, None while nobody can say."""

    done: int
    total: int
    left: float | None = None
    is_paused: bool = False

    @property
    def words(self) -> str:
        """For the panel."""
        if self.is_paused:
            return f"Paused: {self.done:,} of {self.total:,}"
        told = f"Drafting {self.done:,} of {self.total:,}"
        return told if self.left is None else f"{told}\n{time_words(self.left)} left"


class Pace:
    """Seconds from one picture to the next, the pauses left out."""

    def __init__(self) -> None:
        self._took: deque[float] = deque(maxlen=_LAST)
        self._since: float | None = None

    def start(self, now: float) -> None:
        """Work begins, or goes on after a pause. now: a monotonic clock, in seconds."""
        self._since = now

    def pause(self) -> None:
        """No time counts until `start`."""
        self._since = None

    def one_done(self, now: float) -> None:
        """Another picture is done."""
        if self._since is not None:
            self._took.append(now - self._since)
        self._since = now

    def left(self, pictures: int) -> float | None:
        """Seconds for that many more; None before the first few."""
        if len(self._took) < _FEWEST:
            return None
        return pictures * sum(self._took) / len(self._took)


def time_words(seconds: float) -> str:
    """A time that is only estimated, rounded to what anybody plans with."""
    if seconds < 60:
        return "less than a minute"
    minutes = round(seconds / 60)
    if minutes < 60:
        return "1 minute" if minutes == 1 else f"{minutes} minutes"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min"
