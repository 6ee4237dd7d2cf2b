"""Whether memory stays flat: pictures drafted, painted, said to be done and left, one after the other.

The window is the real one and the model the shipped one with one step; the growth is that of the process' resident
memory from after the first tenth to the end, in percent.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

import numpy as np
from folder import write_pictures
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from real_window import close, main_of, open_window, wait

from lsegdiff_gui.ui.main_window import MainWindow
from lsegdiff_gui.ui.panels.draft_panel import DraftSettings

PICTURES = 1000
# Caches fill, libraries load: what the first tenth takes is no leak.
WARM_UP = 0.1
SIZE = (160, 120)
MEGABYTE = 2**20


def measure(app: QApplication, home: Path, pictures: int) -> dict[str, float]:
    """Resident memory along the way, in MB, and its growth from the first tenth on in percent of what it was then."""
    folder = home / "pictures"
    write_pictures(folder, pictures, SIZE)
    window = open_window()
    window.start([])
    wait(app, lambda: window.session.opening.is_open)
    window.session.choosing.choose("skin")
    window.session.set_draft_settings(DraftSettings("skin", steps=1, samples=1))
    window.session.open_paths([folder])
    used = []
    for number in range(pictures):
        work_on(app, window, number)
        used.append(resident())
    close(app, window)
    warm = int(pictures * WARM_UP)
    # Means over a while: single readings jump with what is under way just then.
    span = max(1, pictures // 20)
    before, after = float(np.mean(used[warm : warm + span])), float(np.mean(used[-span:]))
    return {
        "pictures": float(pictures),
        "growth_percent": 100 * (after - before) / before,
        "warm_mb": before,
        "end_mb": after,
        "peak_mb": max(used),
    }


def work_on(app: QApplication, window: MainWindow, number: int) -> None:
    """Have the picture drafted unless it was drafted ahead, paint a stroke, say that it is done, and go on."""
    session = window.session
    wait(app, lambda: session.shown is not None and session.editing.document is not None)
    document = session.editing.document
    assert document is not None
    session.draft_ahead.stop()
    window.actions_by_id["draft.run"].trigger()
    dialog = window.asking.dialog
    if dialog is not None:
        dialog.accept()
    wait(app, lambda: document.base.draft is not None and session.editing.is_exact)
    canvas = window.canvas
    middle = QPoint(canvas.width() // 2 + number % 50, canvas.height() // 2)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    QTest.mouseMove(canvas, middle + QPoint(30, 10))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    current = session.opening.current
    window.actions_by_id["picture.done"].trigger()
    wait(app, lambda: session.opening.current != current or bool(window.messages.message))
    wait(app, lambda: session.keeping.is_idle)


def resident() -> float:
    """The memory this process holds, in MB, after what is garbage has gone."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE


if __name__ == "__main__":
    sys.exit(main_of("memory", measure, PICTURES, __doc__))
