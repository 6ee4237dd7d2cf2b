"""The real window, offscreen, and a hand that works in it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.imaging.write import write_png
from lsegdiff_gui.project.catalogue import Catalogue
from lsegdiff_gui.project.store import PictureRow
from lsegdiff_gui.ui.dialogs.model_choice import ModelChoiceDialog
from lsegdiff_gui.ui.main_window import MainWindow
from lsegdiff_gui.ui.preferences import Preferences
from lsegdiff_gui.ui.settings import Settings
from lsegdiff_gui.ui.staff import Staff
from lsegdiff_gui.workers.segmenting import LoadSegmenter

U8 = npt.NDArray[np.uint8]
WAIT_MS = 10_000


def write_picture(path: Path, width: int = 320, height: int = 240, *, seed: int = 0) -> Path:
    """A skin-like picture with a dark blob."""
    rng = np.random.default_rng(seed)
    pixels = np.full((height, width, 3), (224, 182, 160), np.uint8)
    cv2.ellipse(pixels, (width // 2, height // 2), (width // 5, height // 5), 20, 0, 360, (120, 70, 50), -1)
    noise = rng.integers(0, 12, pixels.shape, np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_png(path, pixels - noise)
    return path


@dataclass
class Hand:
    """Uses the window as a person would, and waits as a person would."""

    window: MainWindow
    bot: QtBot

    @property
    def document(self) -> Document:
        """The document on the canvas."""
        document = self.window.session.editing.document
        assert document is not None
        return document

    @property
    def final(self) -> U8:
        """A copy of the final mask, 0 or 1."""
        return self.document.final_mask()

    def wait(self, condition: Callable[[], bool]) -> None:
        """Until something has come true."""
        self.bot.waitUntil(condition, timeout=WAIT_MS)

    @property
    def rows(self) -> list[PictureRow]:
        """The listed pictures as the project on the disk has them."""
        with closing(Catalogue(self.window.session.opening.project)) as catalogue:
            return catalogue.all()

    def wait_shown(self, name: str) -> None:
        """Until the picture of this file name is on the canvas and its mask is exact."""
        session = self.window.session
        self.wait(lambda: session.shown is not None and session.shown.row.path.name == name)
        self.wait(lambda: session.editing.is_exact)

    def wait_saved(self) -> None:
        """Until the window says that all is saved."""
        self.wait(lambda: self.window.session.keeping.is_idle)

    def do(self, action_id: str) -> None:
        """Give a command."""
        self.window.actions_by_id[action_id].trigger()

    def choose_model(self, model: str = "skin") -> None:
        """Answer the question what the pictures show."""
        self.wait(lambda: isinstance(self.window.asking.dialog, ModelChoiceDialog))
        dialog = self.window.asking.dialog
        assert isinstance(dialog, ModelChoiceDialog)
        cards = [button for button in dialog.findChildren(QPushButton) if button.isCheckable()]
        cards[["skin", "polyp"].index(model)].click()
        dialog.accept()
        self.wait(lambda: self.window.session.choosing.model == model)

    def draft(self, model: str = "skin") -> None:
        """Draft the shown picture, and wait until its draft is the base and exact."""
        before = self.document.base.draft
        self.do("draft.run")
        if not self.window.session.choosing.model:
            self.choose_model(model)
        self.wait(lambda: self.document.base.draft not in (None, before))
        self.wait(lambda: self.window.session.editing.is_exact)

    def at(self, x: float, y: float) -> QPoint:
        """The canvas' widget point of a picture point."""
        px, py = self.window.canvas.view.to_widget(x, y)
        return QPoint(round(px), round(py))

    def paint(self, *points: tuple[float, float]) -> None:
        """A stroke through these picture points, with the left button."""
        canvas = self.window.canvas
        left = Qt.MouseButton.LeftButton
        none = Qt.KeyboardModifier.NoModifier
        QTest.mousePress(canvas, left, none, self.at(*points[0]))
        for point in points[1:]:
            QTest.mouseMove(canvas, self.at(*point))
        QTest.mouseRelease(canvas, left, none, self.at(*points[-1]))


def open_window(bot: QtBot, load: LoadSegmenter, paths: list[Path], **settings: object) -> Hand:
    """A window of its own with these pictures; closed at the end of the test."""
    chosen = Settings(notice_accepted=True, annotator_asked=True, **settings)  # type: ignore[arg-type]
    window = MainWindow(Staff.start(load), Preferences(chosen))
    bot.addWidget(window)
    # The screen of the offscreen platform is small, and the window would fit itself to it.
    window.resize(1400, 880)
    window.show()
    bot.waitExposed(window)
    window.start(paths)
    return Hand(window, bot)
