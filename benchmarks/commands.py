"""Whole-mask commands on an 8192 × 8192 picture: time until done, and lateness of a 10 ms timer of the window.

Beside them the processor's time of the window's thread in its longest turn of events, which other programs on the
machine have little to do with.

Run: python benchmarks/commands.py [--json FILE]
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import cv2
import numpy as np
import numpy.typing as npt
from drawn_canvas import PaintCounter, skin_like
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication
from report import output_file, write_report

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.labels import ERASED
from lsegdiff_gui.annotation.steps import Changes
from lsegdiff_gui.annotation.tools import clipping, components, fill, margins
from lsegdiff_gui.ui.canvas.canvas import Canvas
from lsegdiff_gui.ui.editing import Editing
from lsegdiff_gui.ui.keeping import Keeping
from lsegdiff_gui.workers.masks import MaskThread
from lsegdiff_gui.workers.store import StoreThread

U8 = npt.NDArray[np.uint8]

SIDE = 8192
VIEWPORT = (1600, 1000)
TICK_MS = 10
GROWTH = 3
SPECKS = 300
LONGEST_S = 60.0
ENDING_MS = 20_000


class Clock(QObject):
    """A timer of the window's thread, and how late it comes."""

    def __init__(self) -> None:
        super().__init__()
        self.worst_ms = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def start(self) -> None:
        """Begin anew."""
        self.worst_ms, self._last = 0.0, time.perf_counter()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.worst_ms = max(self.worst_ms, 1e3 * (now - self._last) - TICK_MS)
        self._last = now


@dataclass(frozen=True)
class Measured:
    """Of one step, in milliseconds: until it is done and painted; until saved the timer's worst lateness, and the most
    of the processor's time that the window's thread took before it came back for the next event."""

    done_ms: float
    late_ms: float
    window_ms: float


class Desk:
    """A canvas with a document whose every step is kept in a project, as in the window."""

    def __init__(self, app: QApplication, folder: Path) -> None:
        self.app = app
        self.clock = Clock()
        self.store, self.masks = StoreThread(), MaskThread()
        self.keeping = Keeping(self.store)
        self.editing = Editing(self.masks, self.keeping)
        self.canvas = Canvas()
        self.canvas.resize(*VIEWPORT)
        self.canvas.show()
        self.painted = PaintCounter(self.canvas)
        self.window_ms = 0.0
        self.store.open(folder / "commands.lsegdiff")
        self.store.add([folder / "picture.png"])
        self.store.set_identity(1, "0" * 64, SIDE, SIDE)
        document = Document(SIDE, SIDE, base=Base.of_mask(lesions(SIDE)))
        self.canvas.show_picture(skin_like(SIDE, SIDE))
        self.canvas.set_document(document)
        self.editing.changed.connect(self.canvas.refresh)
        self.editing.halved.connect(self.canvas.take_halves)
        self.editing.take(1, document)

    def measure(self, step: Callable[[], object], *, repaints: bool = True) -> Measured:
        """Do a step; repaints: something in sight changes by it."""
        self._wait(lambda: self.keeping.is_idle)
        for _ in range(5):
            self.app.processEvents()
        before, start = self.painted.painted, time.perf_counter()
        self.clock.start()
        self.window_ms = 0.0
        self._timed(step)
        self._wait(lambda: self.editing.is_exact and (self.painted.painted > before or not repaints))
        done_ms = 1e3 * (time.perf_counter() - start)
        self._wait(lambda: self.keeping.is_idle)
        self._wait_ms(2 * TICK_MS)
        return Measured(done_ms, self.clock.worst_ms, self.window_ms)

    def rest(self) -> float:
        """The timer's worst lateness in a second in which nothing is done: what the machine itself makes of it."""
        self._wait(lambda: self.keeping.is_idle)
        self.clock.start()
        self._wait_ms(1000)
        return self.clock.worst_ms

    def close(self) -> None:
        """End the threads."""
        self.canvas.close()
        self.masks.stop(ENDING_MS)
        self.store.stop(ENDING_MS)

    def _wait(self, condition: Callable[[], bool]) -> None:
        until = time.perf_counter() + LONGEST_S
        while not condition():
            self._timed(self.app.processEvents)
            if time.perf_counter() > until:
                raise TimeoutError("A command was not done in a minute.")
            time.sleep(0.0005)

    def _timed(self, act: Callable[[], object]) -> None:
        before = time.thread_time()
        act()
        self.window_ms = max(self.window_ms, 1e3 * (time.thread_time() - before))

    def _wait_ms(self, milliseconds: float) -> None:
        until = time.perf_counter() + milliseconds / 1e3
        self._wait(lambda: time.perf_counter() > until)


def lesions(side: int) -> U8:
    """A large lesion with holes and specks: (side, side) uint8, 0 or 1."""
    rng = np.random.default_rng(0)
    mask = np.zeros((side, side), np.uint8)
    cv2.circle(mask, (side // 2, side // 2), round(0.35 * side), 1, -1)
    for _ in range(SPECKS):
        at = (int(rng.integers(side)), int(rng.integers(side)))
        cv2.circle(mask, at, int(rng.integers(3, 40)), int(rng.integers(2)), -1)
    return mask


def smooth(final: U8) -> Changes:
    """As the command does."""
    added, taken = margins.smoothed(final, 1, 2 * GROWTH + 1)
    return [(added, 1), (taken, ERASED)]


def main() -> int:
    """Measure each command and its undo, print a table and write the figures."""
    path = output_file(__doc__ or "")
    app = QApplication(sys.argv[:1])
    # As in the window on two cores.
    cv2.setNumThreads(1)
    copied: list[clipping.Clipping] = []
    middle = SIDE // 2, SIDE // 2
    finds: dict[str, Callable[[U8], Changes]] = {
        "grow": lambda final: [(margins.grown(final, 1, GROWTH), 1)],
        "shrink": lambda final: [(margins.shrunk(final, 1, GROWTH), ERASED)],
        "smooth": smooth,
        "largest": lambda final: [(components.all_but_largest(final, 1), ERASED)],
        "holes": lambda final: [(components.holes(final, 1), 1)],
        "keep": lambda final: [(components.others(final, *middle), ERASED)],
        "remove": lambda final: [(components.at(final, *middle), ERASED)],
        "fill": lambda final: [(fill.flood(final, 2, 2), 1)],
        "paste": lambda final: clipping.paste(copied[0], SIDE, SIDE),
    }
    figures: dict[str, float] = {}
    measured: dict[str, Measured] = {}
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(app, Path(folder))
        copied.append(clipping.copy(desk.canvas.document.final))  # type: ignore[union-attr, arg-type]  # not empty
        steps: list[tuple[str, Callable[[], object]]] = [
            (name, lambda name=name, find=find: desk.editing.change(find, name))  # type: ignore[misc]
            for name, find in finds.items()
        ]
        steps += [("clear", desk.editing.clear)]
        figures["idle_late_ms"] = desk.rest()
        for name, step in steps:
            for which, act in ((name, step), (f"{name}_undo", desk.editing.undo)):
                measured[which] = desk.measure(act)
        desk.measure(desk.editing.clear)
        measured["revert"] = desk.measure(desk.editing.revert)
        desk.measure(desk.editing.undo)
        measured["bake"] = desk.measure(desk.editing.bake, repaints=False)
        desk.close()
    for name, each in measured.items():
        figures |= {f"{name}_{key}": value for key, value in asdict(each).items()}
    figures["worst_late_ms"] = max(each.late_ms for each in measured.values())
    figures["worst_window_ms"] = max(each.window_ms for each in measured.values())
    write_report({"commands": figures}, path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
