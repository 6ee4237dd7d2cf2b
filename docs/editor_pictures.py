"""The pictures of docs/editing.md: the canvas with a tool in the hand and a gesture under way.

Run as a part of `make screenshots`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from lsegdiff_gui.ui.main_window import MainWindow

_QUALITY = 85
_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier

Point = tuple[float, float]


class Window(Protocol):
    """The window that is photographed, with the shown picture drafted."""

    window: MainWindow

    def rest(self, seconds: float) -> None:
        """Let the program run."""


def take_editor(photographed: Window, folder: Path) -> None:
    """Write brush.jpg, polygon.jpg, wand.jpg, parting.jpg and box.jpg."""
    window = photographed.window
    _take(photographed, "tool.brush", folder / "brush.jpg", [(0.30, 0.36), (0.36, 0.30), (0.44, 0.27)])
    _click(window, "tool.polygon", [(0.30, 0.25), (0.55, 0.15), (0.72, 0.33), (0.66, 0.66)])
    QTest.mouseMove(window.canvas, _at(window, (0.46, 0.76)))
    _write(photographed, folder / "polygon.jpg")
    window.canvas.cancel_gesture()
    _take(photographed, "tool.wand", folder / "wand.jpg", [(0.5, 0.5), (0.53, 0.5)])
    _add_lesion(window)
    _drag(window, "tool.cut", [(0.50, 0.05), (0.46, 0.95)])
    _drag(window, "tool.tie", [(0.38, 0.5), (0.14, 0.20)])
    photographed.rest(1.0)
    _write(photographed, folder / "parting.jpg")
    window.actions_by_id["mask.rejoin"].trigger()
    _take(photographed, "tool.revert", folder / "box.jpg", [(0.05, 0.08), (0.30, 0.50)])


def _take(photographed: Window, tool: str, path: Path, points: list[Point]) -> None:
    with _held(photographed.window, tool, points):
        _write(photographed, path)
        photographed.window.canvas.cancel_gesture()


@contextmanager
def _held(window: MainWindow, tool: str, points: list[Point]) -> Iterator[None]:
    """The tool in the hand and its button down, after a drag through these shares of the picture's size."""
    window.actions_by_id[tool].trigger()
    at = [_at(window, point) for point in points]
    QTest.mousePress(window.canvas, _LEFT, _NONE, at[0])
    for point in at[1:]:
        QTest.mouseMove(window.canvas, point)
    yield
    QTest.mouseRelease(window.canvas, _LEFT, _NONE, at[-1])


def _click(window: MainWindow, tool: str, points: list[Point]) -> None:
    window.actions_by_id[tool].trigger()
    for point in points:
        QTest.mouseMove(window.canvas, _at(window, point))
        QTest.mouseClick(window.canvas, _LEFT, _NONE, _at(window, point))


def _drag(window: MainWindow, tool: str, points: list[Point]) -> None:
    with _held(window, tool, points):
        pass


def _add_lesion(window: MainWindow) -> None:
    """A second one beside the drafted one, as an annotator would paint it."""
    window.canvas.set_brush_radius(0.05 * window.canvas.view.picture_width)
    _drag(window, "tool.brush", [(0.13, 0.20), (0.16, 0.22)])


def _at(window: MainWindow, point: Point) -> QPoint:
    view = window.canvas.view
    x, y = view.to_widget(point[0] * view.picture_width, point[1] * view.picture_height)
    return QPoint(round(x), round(y))


def _write(photographed: Window, path: Path) -> None:
    window = photographed.window
    photographed.rest(0.2)
    window.canvas.grab().save(str(path), quality=_QUALITY)
    print(path)
