"""Where the window starts: `python main.py [FILES…]` and `lsegdiff-gui` call `main`."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import cast

if sys.platform == "win32":
    # torch's libraries must be loaded before Qt's there (pytorch#169429); elsewhere they wait for the first draft.
    import torch  # noqa: F401

import cv2
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from lsegdiff_gui import __version__
from lsegdiff_gui.ui import settings as settings_room
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.crash import CrashLog, FaultReporter
from lsegdiff_gui.ui.dialogs.annotator import AnnotatorDialog
from lsegdiff_gui.ui.dialogs.notice import NoticeDialog
from lsegdiff_gui.ui.main_window import MainWindow
from lsegdiff_gui.ui.message_bar import Message
from lsegdiff_gui.ui.preferences import Preferences
from lsegdiff_gui.ui.staff import Staff
from lsegdiff_gui.workers.segmenting import LoadSegmenter, load_segmenter

log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None, load: LoadSegmenter = load_segmenter) -> int:
    """Run the window until it is closed; returns the exit status.

    argv: the arguments without the program's name. load: loads weights, on the inference thread.
    """
    status = _run(_arguments(sys.argv[1:] if argv is None else argv), load)
    # Now, while Qt lives: icons left to the interpreter's last collection end after what they draw with, and crash.
    gc.unfreeze()
    gc.collect()
    return status


def _run(arguments: argparse.Namespace, load: LoadSegmenter) -> int:
    # Masks are made on two threads at most; more of OpenCV's own would starve the window.
    cv2.setNumThreads(max(1, (os.cpu_count() or 2) // 2))
    app = _application()
    crash_log = CrashLog()
    faults = FaultReporter(crash_log.log_file)
    faults.install()
    loaded = settings_room.load()
    theme.apply(app, cast(theme.Scheme, loaded.settings.theme))
    preferences = Preferences(loaded.settings)
    window = MainWindow(Staff.start(load), preferences)
    faults.fault.connect(lambda sentence: window.messages.show_message(Message(sentence, key="fault")))
    if loaded.sentence:
        window.messages.show_message(Message(loaded.sentence, "warning", key="settings"))
    if crash_log.previous is not None:
        window.messages.show_message(_after_crash(crash_log.previous))
    window.show()
    # After the first paint: nothing that takes time stands between the user and the window.
    QTimer.singleShot(0, window, lambda: _begin(window, arguments.files))
    status = app.exec()
    faults.remove()
    crash_log.close()
    if window.still_running:
        # A thread that would not end must not be destroyed (Qt aborts then). Everything is saved: leave.
        log.warning("left while these were busy: %s", ", ".join(window.still_running))
        logging.shutdown()
        os._exit(status)
    return status


def _begin(window: MainWindow, files: list[Path]) -> None:
    if window.preferences.settings.notice_accepted:
        window.start(files)
        _ask_annotator(window)
        return
    notice = NoticeDialog(window)

    def accepted() -> None:
        window.preferences.change(notice_accepted=True, annotator_asked=True, annotator=notice.annotator)
        window.start(files)

    notice.rejected.connect(window.close)
    window.asking.show(notice, accepted)


def _ask_annotator(window: MainWindow) -> None:
    """Once of those who agreed before it was asked for."""
    settings = window.preferences.settings
    if settings.annotator_asked or settings.annotator:
        return
    dialog = AnnotatorDialog(window)
    dialog.finished.connect(lambda _code: window.preferences.change(annotator_asked=True))
    window.asking.show(dialog, lambda: window.preferences.change(annotator=dialog.annotator))


def _application() -> QApplication:
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication(sys.argv[:1])
    app.setApplicationName("LSegDiff")
    app.setApplicationDisplayName("LSegDiff")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("lsegdiff")
    return app


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="lsegdiff-gui",
        description="Draft, correct and export lesion and polyp masks. Research use only.",
    )
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="pictures, folders, or a project to open"
    )
    parser.add_argument("--version", action="version", version=f"LSegDiff {__version__}")
    return parser.parse_args(argv)


def _after_crash(kept: Path) -> Message:
    return Message(
        f"The program ended unexpectedly last time. What was painted is here. The crash log: {kept}",
        "warning",
        key="crash",
    )
