"""The pictures of docs/queue.md: the list with its filters, and the statistics.

Run as a part of `make screenshots`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.ui.main_window import MainWindow

_QUALITY = 90
_SAID = (
    (Status.DONE, ""),
    (Status.FLAGGED, "Hairs cross the border"),
    (Status.APPROVED, ""),
    (Status.REJECTED, "The left half is missing"),
)


class Window(Protocol):
    """The window that is photographed, with all samples listed and a model chosen."""

    window: MainWindow

    def rest(self, seconds: float) -> None:
        """Let the program run."""

    def until(self, condition: Callable[[], bool]) -> None:
        """Let the program run until something has come true."""


def take_queue(photographed: Window, folder: Path) -> None:
    """Write list.jpg and statistics.jpg."""
    window = photographed.window
    session, model = window.session, window.pictures.view.model()
    photographed.until(lambda: model.rowCount() == len(_SAID) + 2)
    window.actions_by_id["draft.all"].trigger()
    photographed.until(lambda: session.batch.is_running)
    photographed.until(lambda: not session.batch.is_running)
    for status, note in _SAID:
        photographed.until(lambda: session.editing.document is not None and session.editing.is_exact)
        session.editing.set_status(status, note)
        before = session.opening.current
        window.actions_by_id["picture.next"].trigger()
        photographed.until(lambda before=before: session.opening.current != before)
    photographed.until(lambda: session.keeping.is_idle)
    window.pictures.filters.more.setChecked(True)
    window.actions_by_id["picture.uncertain"].trigger()
    photographed.rest(1.0)
    window.pictures.grab().save(str(folder / "list.jpg"), quality=_QUALITY)
    window.actions_by_id["file.statistics"].trigger()
    photographed.until(lambda: window.asking.dialog is not None)
    photographed.rest(0.5)
    dialog = window.asking.dialog
    assert dialog is not None
    dialog.grab().save(str(folder / "statistics.jpg"), quality=_QUALITY)
    dialog.reject()
