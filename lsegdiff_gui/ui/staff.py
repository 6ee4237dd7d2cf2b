"""The threads behind the window, started together and ended in order."""

from __future__ import annotations

import time
from dataclasses import dataclass

from lsegdiff_gui.imaging.read import Limits
from lsegdiff_gui.workers.catalogue import CatalogueThread
from lsegdiff_gui.workers.chores import Chores
from lsegdiff_gui.workers.files import FilePool
from lsegdiff_gui.workers.inference import InferenceThread
from lsegdiff_gui.workers.masks import MaskThread
from lsegdiff_gui.workers.segmenting import LoadSegmenter, load_segmenter
from lsegdiff_gui.workers.store import StoreThread


@dataclass(frozen=True)
class Staff:
    """Who works off the GUI thread."""

    inference: InferenceThread
    masks: MaskThread
    store: StoreThread
    catalogue: CatalogueThread
    files: FilePool
    chores: Chores
    guard: Chores

    @classmethod
    def start(cls, load: LoadSegmenter = load_segmenter) -> Staff:
        """Start all threads; `load` loads weights, on the inference thread."""
        return cls(
            InferenceThread(load_segmenter=load),
            MaskThread(),
            StoreThread(),
            CatalogueThread(),
            FilePool(),
            Chores("chores"),
            Chores("guard"),
        )

    def use_limits(self, limits: Limits) -> None:
        """Refuse pictures beyond these from now on, wherever they are read."""
        self.files.limits = limits
        self.inference.use_limits(limits)

    def stop(self, timeout_ms: int) -> list[str]:
        """End all threads: drafts first, for they take longest, and the store last, for it saves the rest.

        Returns the names of those that did not end in time; they must not be destroyed, only left with os._exit.
        """
        until = time.monotonic() + timeout_ms / 1000

        def left() -> int:
            return max(1, round(1000 * (until - time.monotonic())))

        # Cancelled before anything is waited for, so that all of them end side by side.
        self.inference.cancel()
        ended = {
            "masks": self.masks.stop(left()),
            "chores": self.chores.stop(left()),
            "guard": self.guard.stop(left()),
            "files": self.files.stop(left()),
            "catalogue": self.catalogue.stop(left()),
            "inference": self.inference.stop(left()),
            # Its time is its own: what is not saved is lost.
            "store": self.store.stop(max(timeout_ms, left())),
        }
        return [name for name, has_ended in ended.items() if not has_ended]
