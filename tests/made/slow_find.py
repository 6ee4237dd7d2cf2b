"""A command whose finding takes as long as a test wants, on whichever thread it runs."""

from __future__ import annotations

import threading

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.annotation.steps import Changes
from lsegdiff_gui.imaging.geometry import Box


class SlowFind:
    """Finds a box for a label once it is let go."""

    def __init__(self, box: Box, value: int) -> None:
        self._changes: Changes = [(Region.of_mask(np.ones((box.height, box.width)), box), value)]
        self._go = threading.Event()
        self.began = threading.Event()
        self.thread = 0
        """Which one it ran on."""

    def __call__(self, final: npt.NDArray[np.uint8]) -> Changes:
        self.thread = threading.get_ident()
        self.began.set()
        assert self._go.wait(10)
        return self._changes

    def let_go(self) -> None:
        """Let it find."""
        self._go.set()
