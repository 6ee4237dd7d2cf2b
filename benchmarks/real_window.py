"""The real window, as benchmarks drive it: opened, waited for and closed, without a display offscreen."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from report import write_report

from lsegdiff_gui.ui.main_window import MainWindow
from lsegdiff_gui.ui.preferences import Preferences
from lsegdiff_gui.ui.settings import Settings
from lsegdiff_gui.ui.staff import Staff

PATIENCE_S = 120.0
Measure = Callable[[QApplication, Path, int], dict[str, float]]


def main_of(name: str, measure: Measure, pictures: int, description: str | None) -> int:
    """Measure in a home of its own, with as many pictures as the command line says, and report.

    1 when the window did not come so far.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file as well")
    parser.add_argument("--pictures", type=int, default=pictures, help="how many")
    arguments = parser.parse_args()
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    with tempfile.TemporaryDirectory() as home:
        os.environ["LSEGDIFF_HOME"] = home
        try:
            figures = measure(app, Path(home), arguments.pictures)
        except TimeoutError as error:
            print(error, file=sys.stderr)
            return 1
    write_report({name: figures}, arguments.json)
    return 0


def open_window() -> MainWindow:
    """The real window, without a project."""
    window = MainWindow(Staff.start(), Preferences(Settings(notice_accepted=True, annotator_asked=True)))
    window.resize(1400, 880)
    window.show()
    return window


def see(app: QApplication, window: MainWindow, other_than: int = -1) -> None:
    """Until the current picture is on the canvas with its exact mask, and painted."""
    session = window.session

    def is_there() -> bool:
        shown = session.shown
        return shown is not None and shown.row.id not in (other_than, -1) and session.editing.is_exact

    wait(app, is_there, rest=0.0)
    window.canvas.repaint()


def close(app: QApplication, window: MainWindow) -> None:
    """Close it and be rid of it before the next one comes."""
    window.close()
    window.deleteLater()
    app.sendPostedEvents(window, QEvent.Type.DeferredDelete.value)


def wait(app: QApplication, condition: Callable[[], bool], rest: float = 0.001) -> None:
    """Let the program run until something has come true."""
    until = time.monotonic() + PATIENCE_S
    while not condition():
        app.processEvents()
        if rest:
            time.sleep(rest)
        if time.monotonic() > until:
            raise TimeoutError("The window did not come so far.")
