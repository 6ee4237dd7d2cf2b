"""What is on the screen."""

from collections.abc import Callable

import numpy as np
import pytest
from made.canvas_hand import (
    CONTROL,
    HEIGHT,
    LEFT,
    NONE,
    WIDTH,
    backing_store,
    drag,
    paint_afresh,
    pixels,
    send,
)
from PySide6.QtCore import QEvent, QPointF
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.stroke import Stroke
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.canvas import Canvas


@pytest.mark.parametrize("scale", [None, 0.5, 1.0, 1.5, 4.0, 20.0])
@pytest.mark.parametrize("outline", [False, True])
def test_that_partial_repaints_leave_what_a_full_repaint_shows(
    canvas: Canvas, document: Document, scale: float | None, outline: bool
) -> None:
    canvas.set_overlay(visible=True, opacity=0.5, outline=outline)
    canvas.set_badge("polyp")
    if scale is not None:
        canvas.zoom_to(scale)
    QApplication.processEvents()
    generator = np.random.default_rng(7)
    for keys in (NONE, NONE, CONTROL):
        points = [QPointF(*generator.uniform((0, 0), (500, 400))) for _ in range(4)]
        send(canvas, QEvent.Type.MouseButtonPress, points[0], LEFT, keys)
        for point in points[1:]:
            send(canvas, QEvent.Type.MouseMove, point, LEFT, keys)
            QApplication.processEvents()
        send(canvas, QEvent.Type.MouseButtonRelease, points[-1], LEFT, keys)
    undone = document.undo()
    assert undone is not None
    canvas.refresh(undone[1])
    left = backing_store(canvas)
    paint_afresh(canvas)
    assert np.array_equal(left, backing_store(canvas))


@pytest.mark.parametrize("scale", [None, 0.5, 1.0, 1.5, 4.0, 20.0])
@pytest.mark.parametrize("outline", [False, True])
def test_that_refreshing_the_changed_box_is_enough(
    canvas: Canvas, document: Document, scale: float | None, outline: bool
) -> None:
    canvas.set_overlay(visible=True, opacity=0.5, outline=outline)
    if scale is not None:
        canvas.zoom_to(scale)
    generator = np.random.default_rng(8)
    for label in (1, 2, 255, 1):
        QApplication.processEvents()
        stroke = Stroke(document, label=label, radius=float(generator.uniform(1, 20)), tool="brush")
        x, y = generator.uniform(-40, 40, 2)
        canvas.refresh(stroke.move_to(canvas.view.centre_x + x, canvas.view.centre_y + y))
        stroke.finish()
    left = backing_store(canvas)
    paint_afresh(canvas)
    assert np.array_equal(left, backing_store(canvas))


def test_that_a_dab_repaints_little_more_than_itself(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.zoom_to(1.0)
    QApplication.processEvents()
    seen = Watcher(canvas)
    send(canvas, QEvent.Type.MouseButtonPress, QPointF(200, 200))
    QApplication.processEvents()
    send(canvas, QEvent.Type.MouseMove, QPointF(206, 200))
    QApplication.processEvents()
    send(canvas, QEvent.Type.MouseButtonRelease, QPointF(206, 200))
    assert seen.areas and max(seen.areas) <= 45 * 40


class Watcher(QWidget):
    """Notes the area of every painting of a widget."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.areas: list[int] = []
        watched.installEventFilter(self)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.areas.append(sum(r.width() * r.height() for r in event.region()))  # type: ignore[attr-defined]
        return False


def test_that_hiding_the_overlay_shows_the_picture_alone(canvas: Canvas) -> None:
    empty = pixels(canvas)
    drag(canvas, (300, 200))
    canvas.show_mark(None)
    assert not np.array_equal(pixels(canvas), empty)
    canvas.set_overlay(visible=False, opacity=0.5, outline=False)
    assert np.array_equal(pixels(canvas), empty)


def test_that_the_overlay_has_the_label_colour_at_its_opacity(canvas: Canvas, document: Document) -> None:
    canvas.show_picture(np.full((HEIGHT, WIDTH, 3), 100, np.uint8))
    canvas.set_document(document)
    drag(canvas, (300, 200))
    canvas.show_mark(None)
    canvas.set_label_colours({1: "#ff0000"})
    canvas.set_overlay(visible=True, opacity=0.5, outline=False)
    x, y = (int(part) for part in canvas.view.to_widget(300, 200))
    assert np.abs(pixels(canvas)[y, x].astype(int) - (178, 50, 50)).max() <= 2


def test_that_a_step_is_shown_instead_of_the_mask_until_the_hand_paints(canvas: Canvas, qtbot: QtBot) -> None:
    drag(canvas, (300, 200))
    canvas.show_mark(None)
    mask = pixels(canvas)
    canvas.show_preview(np.full((256, 256), 255, np.uint8), "Step 2 of 4")
    step = pixels(canvas)
    assert np.mean((step != mask).any(axis=2)) > 0.5
    canvas.show_preview(None)
    assert np.array_equal(pixels(canvas), mask)
    canvas.show_preview(np.full((256, 256), 255, np.uint8), "Step 2 of 4")
    with qtbot.waitSignal(canvas.preview_dismissed):
        drag(canvas, (300, 200))
    canvas.show_mark(None)
    assert np.array_equal(pixels(canvas), mask)


def test_that_a_step_that_comes_while_the_hand_paints_does_not_hide_the_stroke(canvas: Canvas) -> None:
    at = QPointF(*canvas.view.to_widget(300, 200))
    send(canvas, QEvent.Type.MouseButtonPress, at)
    before = pixels(canvas)
    canvas.show_preview(np.full((256, 256), 255, np.uint8), "Step 3 of 4")
    assert np.array_equal(pixels(canvas), before)
    send(canvas, QEvent.Type.MouseButtonRelease, at)
    canvas.show_preview(np.full((256, 256), 255, np.uint8), "Step 4 of 4")
    assert not np.array_equal(pixels(canvas), before)


CORNERS: dict[str, Callable[[Canvas], None]] = {
    "top right": lambda canvas: canvas.set_badge("skin 1.0"),
    "bottom left": lambda canvas: canvas.show_preview(None, "Step 1 of 4"),
}


@pytest.mark.parametrize("corner", CORNERS)
def test_that_words_appear_in_their_corner(canvas: Canvas, corner: str) -> None:
    before = pixels(canvas)
    CORNERS[corner](canvas)
    differs = Box.of((pixels(canvas) != before).any(axis=2))
    assert not differs.is_empty and differs.height < 50
    assert (
        (differs.y1 < 60 and differs.x1 > 480)
        if corner == "top right"
        else (differs.y0 > 340 and differs.x0 < 20)
    )


def test_that_a_message_is_shown_in_the_middle_of_an_empty_canvas(canvas: Canvas) -> None:
    canvas.show_picture(None)
    empty = pixels(canvas)
    assert (empty == empty[0, 0]).all()
    canvas.message("Open a picture or drop a folder here")
    words = Box.of((pixels(canvas) != empty).any(axis=2))
    assert abs((words.x0 + words.x1) / 2 - 250) < 20 and abs((words.y0 + words.y1) / 2 - 200) < 40
    canvas.message(None)
    assert np.array_equal(pixels(canvas), empty)


def test_that_a_base_placed_later_is_seen_after_refresh(canvas: Canvas, document: Document) -> None:
    before = pixels(canvas)
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[100:300, 100:300] = 1
    document.place_base(mask)
    canvas.refresh()
    assert not np.array_equal(pixels(canvas), before)
