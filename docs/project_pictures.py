"""The pictures of docs/projects.md: history, origin, a second window, a missing picture, a disk that refuses.

Run as a part of `make screenshots`.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from PySide6.QtWidgets import QDialog, QTreeWidget, QWidget

from lsegdiff_gui import places
from lsegdiff_gui.project.lock import ProjectLock
from lsegdiff_gui.ui.dialogs.history import HistoryDialog
from lsegdiff_gui.ui.dialogs.origin import OriginDialog
from lsegdiff_gui.ui.main_window import MainWindow

_QUALITY = 85
_STRIP = 330  # pixels of the window's upper edge, where its messages are


Kind = TypeVar("Kind", bound=QDialog)


class Window(Protocol):
    """The window that is photographed, with the shown picture drafted."""

    window: MainWindow

    def rest(self, seconds: float, *, ends_by_error: bool = True) -> None:
        """Let the program run; an error that it tells is one of the run, unless it is meant."""

    def until(self, condition: Callable[[], bool]) -> None:
        """Let the program run until something has come true."""

    def stroke(self, *points: tuple[float, float]) -> None:
        """Paint through points given as shares of the picture's width and height."""


def take_projects(photographed: Window, folder: Path) -> None:
    """Write history.jpg, origin.jpg, refused.jpg, reading.jpg and missing.jpg."""
    window = photographed.window
    window.preferences.change(annotator="Ada Löw")
    for y in (0.42, 0.5, 0.58):
        photographed.stroke((0.28, y), (0.36, y + 0.03), (0.44, y))
    window.actions_by_id["edit.undo"].trigger()
    window.actions_by_id["picture.flag"].trigger()
    photographed.until(lambda: window.session.keeping.is_idle)
    history = _dialog(photographed, "picture.history", HistoryDialog)
    steps = history.findChild(QTreeWidget)
    assert steps is not None
    item = steps.topLevelItem(2)
    assert item is not None
    steps.setCurrentItem(item)
    photographed.rest(1.0)
    _write(history, folder / "history.jpg")
    history.reject()
    origin = _dialog(photographed, "picture.origin", OriginDialog)
    photographed.rest(0.3)
    _write(origin, folder / "origin.jpg")
    origin.reject()
    with tempfile.TemporaryDirectory() as place:
        _messages(photographed, Path(place), folder)


def _messages(photographed: Window, place: Path, folder: Path) -> None:
    """A project of its own, in which things go wrong."""
    window = photographed.window
    study = place / "study"
    study.mkdir()
    pictures = [
        Path(shutil.copy(path, study))
        for path in sorted(places.bundled("resources", "samples").glob("skin_*.jpg"))
    ]
    window.projects.open_project(study / "project.lsegdiff")
    photographed.until(lambda: window.session.opening.project.parent == study)
    window.asking.open_paths(pictures)
    photographed.until(lambda: window.session.shown is not None)
    away = study.with_name("renamed")
    study.rename(away)
    photographed.stroke((0.28, 0.5), (0.44, 0.5))
    photographed.rest(1.0, ends_by_error=False)
    _write_strip(window, folder / "refused.jpg")
    away.rename(study)
    window.session.staff.store.retry()
    photographed.rest(1.0, ends_by_error=False)
    window.projects.open_project(place / "other.lsegdiff")
    photographed.until(lambda: window.session.opening.project.name == "other.lsegdiff")
    lock = ProjectLock.take(study / "project.lsegdiff", "Bob Sørensen")
    window.projects.open_project(study / "project.lsegdiff")
    photographed.until(lambda: window.session.shown is not None)
    photographed.rest(0.5)
    _write_strip(window, folder / "reading.jpg")
    lock.release()
    window.projects.open_project(study / "project.lsegdiff")
    photographed.until(lambda: window.messages.message is None and window.session.shown is not None)
    pictures[1].rename(place / "moved.jpg")
    window.actions_by_id["picture.next"].trigger()
    photographed.rest(1.0)
    _write_strip(window, folder / "missing.jpg")


def _dialog(photographed: Window, command: str, kind: type[Kind]) -> Kind:
    window = photographed.window
    window.actions_by_id[command].trigger()
    photographed.until(lambda: isinstance(window.asking.dialog, kind))
    dialog = window.asking.dialog
    assert isinstance(dialog, kind)
    return dialog


def _write(widget: QWidget, path: Path) -> None:
    widget.grab().save(str(path), quality=_QUALITY)
    print(path)


def _write_strip(window: MainWindow, path: Path) -> None:
    window.grab().copy(0, 0, window.width(), _STRIP).save(str(path), quality=_QUALITY)
    print(path)
