"""Which draft comes next: a queue that any thread may fill and one thread serves, without Qt."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from lsegdiff_gui.annotation.hints import Told
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.imaging.picture import Picture


class Priority(IntEnum):
    """How urgent a draft is; the smaller number goes first and pre-empts the others between two steps."""

    INTERACTIVE = 0
    HINT = 1
    PREFETCH = 2
    BATCH = 3


@dataclass(frozen=True)
class DraftJob:
    """One draft to be made.

    `source` is the decoded picture when it is on the screen anyway, else the file to be read on the
    inference thread. `model` is a name ("polyp", "skin") or the path of a weights file. `told`: hints to be answered.
    `box`: only this part of the picture is looked at, in its own pixels, as if it were a picture.
    """

    id: int
    picture_id: int
    source: Picture | Path
    model: str
    device: str = "auto"
    steps: int = 4
    samples: int = 5
    seed: int = 0
    priority: Priority = Priority.INTERACTIVE
    told: Told | None = None
    box: Box | None = None

    @property
    def name(self) -> str:
        """The picture's file name, for sentences."""
        path = self.source.path if isinstance(self.source, Picture) else self.source
        return path.name if path is not None else "this picture"


class DraftQueue:
    """Waiting and running drafts in the order they should be served. Every method is safe on any thread.

    A job stays in the queue while it is being drafted, so that asking for `most_urgent` before every
    step is all that pre-emption and cancelling need.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: dict[int, DraftJob] = {}
        self._cancelled: dict[int, DraftJob] = {}
        self._closed = False

    def put(self, job: DraftJob) -> None:
        """Add a job behind those that are as urgent as it is."""
        with self._lock:
            self._jobs[job.id] = job

    def cancel(self, job_id: int | None = None) -> None:
        """Withdraw one job, or all of them when `job_id` is None. Unknown jobs are passed over."""
        with self._lock:
            for key in list(self._jobs) if job_id is None else [job_id]:
                if (job := self._jobs.pop(key, None)) is not None:
                    self._cancelled[key] = job

    def take_cancelled(self) -> list[DraftJob]:
        """The jobs withdrawn since the last call."""
        with self._lock:
            jobs = list(self._cancelled.values())
            self._cancelled.clear()
            return jobs

    def most_urgent(self) -> DraftJob | None:
        """The job whose next step is due, or None when there is nothing to do or the queue is closed."""
        with self._lock:
            if self._closed:
                return None
            return min(self._jobs.values(), key=lambda job: job.priority, default=None)

    def finish(self, job_id: int) -> None:
        """Forget a job that is drafted or failed."""
        with self._lock:
            self._jobs.pop(job_id, None)

    def close(self) -> None:
        """Offer no job any more: the program is ending."""
        with self._lock:
            self._closed = True

    @property
    def closed(self) -> bool:
        """Whether the program is ending."""
        with self._lock:
            return self._closed

    def __len__(self) -> int:
        with self._lock:
            return len(self._jobs)
