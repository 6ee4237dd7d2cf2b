"""The real program, used by a hand that never rests, in a process that is to be killed: `benchmarks/kill.py`.

Usage: driven_window.py SEED EXPORTS PICTURE… It tells on its standard output, a line each: `ready`; `sent PICTURE
DIGEST` for each step before it is handed to the project; `saved PICTURE` when the window calls the oldest of these
saved; `placed PICTURE` when a draft of a picture that is not shown is handed over. Pictures are named by their
file names.
"""

from __future__ import annotations

import random
import sys
from collections import deque
from pathlib import Path
from typing import Any

from made.segmenters import MadeSegmenter
from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtTest import QTest

from benchmarks.digests import digest_of
from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.formats.export import ExportRequest
from lsegdiff_gui.ui import app
from lsegdiff_gui.ui.keeping import Keeping
from lsegdiff_gui.ui.main_window import MainWindow

PAUSE_MS = (0, 40)
COMMANDS = (
    "mask.kernel_up", "mask.kernel_up", "mask.kernel_down", "edit.undo", "edit.undo", "edit.redo",
    "picture.next", "picture.previous", "picture.flag", "picture.done", "mask.fill_holes", "draft.all",
    "draft.run", "mask.clear",
)  # fmt: skip


def tell(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Driver(QObject):
    """Takes one action after the other, at random."""

    def __init__(self, window: MainWindow, seed: int, exports: Path) -> None:
        super().__init__(window)
        self._window = window
        self._exports = exports
        self._random = random.Random(seed)
        self._is_down = False
        self._told_ready = False
        # Steps that are on their way, for each picture.
        self._sent: dict[int, deque[int]] = {}
        window.session.staff.store.saved.connect(self._saved)
        for name in ("record", "undo", "redo"):
            self._listen(name)
        self._listen_to_drafts()
        QTimer.singleShot(0, self, self._act)

    def _listen(self, name: str) -> None:
        real = getattr(Keeping, name)

        def heard(keeping: Keeping, picture_id: int, *arguments: Any) -> None:
            document = self._window.session.editing.document
            # A step that was carried out elsewhere may be told when its picture has been left; and a draft that comes
            # while a stroke is being painted, when the plane holds what is not a step yet.
            is_shown = picture_id == self._window.session.editing.picture_id
            if document is not None and is_shown and not document.edit_is_open:
                tell(f"sent {self._name(picture_id)} {digest_of(document)}")
            else:
                tell(f"sent {self._name(picture_id)} unknown")
            self._sent.setdefault(picture_id, deque()).append(arguments[-1])
            real(keeping, picture_id, *arguments)

        setattr(self._window.session.keeping, name, lambda *args: heard(self._window.session.keeping, *args))

    def _listen_to_drafts(self) -> None:
        keeping = self._window.session.keeping
        real = keeping.place_draft

        def heard(picture_id: int, draft: Draft) -> None:
            # Of a picture that is not shown: the project decides what it changes.
            tell(f"placed {self._name(picture_id)}")
            real(picture_id, draft)

        keeping.place_draft = heard  # type: ignore[method-assign]

    def _name(self, picture_id: int) -> str:
        row = self._window.session.opening.row(picture_id)
        assert row is not None
        return row.path.name

    def _saved(self, picture_id: int, revision: int) -> None:
        sent = self._sent[picture_id]
        assert sent.popleft() == revision
        tell(f"saved {self._name(picture_id)}")

    def _act(self) -> None:
        document = self._window.session.editing.document
        if document is not None and self._window.asking.dialog is None:
            if not self._told_ready:
                self._told_ready = True
                tell("ready")
            self._stroke() if self._is_down or self._random.random() < 0.5 else self._command()
        elif self._window.asking.dialog is not None:
            self._window.asking.dialog.reject()
        QTimer.singleShot(self._random.randint(*PAUSE_MS), self, self._act)

    def _stroke(self) -> None:
        """Press, move a few times, let go: each with a pause in which the end may come."""
        canvas = self._window.canvas
        place = QPoint(
            self._random.randint(20, canvas.width() - 20), self._random.randint(20, canvas.height() - 20)
        )
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        if not self._is_down:
            self._window.actions_by_id[self._random.choice(("tool.brush", "tool.eraser"))].trigger()
            QTest.mousePress(canvas, left, none, place)
            self._is_down = True
        elif self._random.random() < 0.6:
            QTest.mouseMove(canvas, place)
        else:
            QTest.mouseRelease(canvas, left, none, place)
            self._is_down = False

    def _command(self) -> None:
        if self._random.random() < 0.05 and not self._window.session.exporting.is_running:
            self._window.session.staff.catalogue.ask(
                lambda catalogue: catalogue.all(),
                lambda rows: self._window.session.exporting.start(ExportRequest(self._exports), rows),
            )
        else:
            self._window.actions_by_id[self._random.choice(COMMANDS)].trigger()


def main() -> int:
    seed, exports, *pictures = sys.argv[1:]
    start = MainWindow.start

    def started(window: MainWindow, *arguments: Any) -> None:
        start(window, *arguments)
        window.resize(900, 700)
        window.driver = Driver(window, int(seed), Path(exports))  # type: ignore[attr-defined]

    MainWindow.start = started  # type: ignore[method-assign]
    return app.main(pictures, lambda _model, _device: MadeSegmenter(seconds=0.01))


if __name__ == "__main__":
    sys.exit(main())
