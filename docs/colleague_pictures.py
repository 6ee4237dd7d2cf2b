"""The pictures of docs/hints.md and docs/opinions.md: hints on a lesion, opinions below it, and the doubt over it.

Run as a part of `make screenshots`.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from docs.editor_pictures import Window
from lsegdiff_gui.annotation.doubt import doubtful_regions
from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.ui.main_window import MainWindow

_LEFT, _RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
_NONE = Qt.KeyboardModifier.NoModifier


def take_colleague(photographed: Window, folder: Path) -> None:
    """Write hints.png, opinions.png and doubt.png."""
    window = photographed.window
    strip = window.strips.opinions
    QTest.mouseMove(strip, strip._frame_rect(3).center())
    photographed.rest(0.5)
    window.grab().save(str(folder / "opinions.png"))
    QTest.mouseMove(window.canvas, QPoint(5, 5))
    window.canvas.show_preview(None)
    window.actions_by_id["view.doubt"].trigger()
    photographed.rest(0.5)
    window.grab().save(str(folder / "doubt.png"))
    window.actions_by_id["view.doubt"].trigger()
    window.actions_by_id["tool.hint"].trigger()
    first, second = _doubtful_points(_draft(window))
    for number, (point, button) in enumerate(((first, _LEFT), (second, _RIGHT)), start=1):
        QTest.mouseClick(window.canvas, button, _NONE, _at(window, point))
        while len(_draft(window).provenance.hints) < number or not window.session.editing.is_exact:
            photographed.rest(0.1)
    photographed.rest(0.5)
    window.player.skip()
    photographed.rest(0.3)
    window.grab().save(str(folder / "hints.png"))


def _draft(window: MainWindow) -> Draft:
    document = window.session.editing.document
    assert document is not None
    assert document.base.draft is not None
    return document.base.draft


def _doubtful_points(draft: Draft) -> list[tuple[float, float]]:
    """The middles of the two regions that are doubted most, as shares of the picture's sides."""
    grid = len(draft.spread)
    boxes = [region.cells.box for region in doubtful_regions(draft.spread)[:2]]
    points = [((box.x0 + box.x1) / 2 / grid, (box.y0 + box.y1) / 2 / grid) for box in boxes]
    return [*points, (0.5, 0.5), (0.15, 0.2)][:2]


def _at(window: MainWindow, point: tuple[float, float]) -> QPoint:
    view = window.canvas.view
    x, y = view.to_widget(point[0] * view.picture_width, point[1] * view.picture_height)
    return QPoint(round(x), round(y))
