"""Held keys and the line that wipes between the draft's mask and the present one."""

import numpy as np
import pytest
from made.canvas_hand import HEIGHT, LEFT, NONE, WIDTH, backing_store, drag, paint_afresh, pixels, send
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.ui.canvas.canvas import Canvas
from lsegdiff_gui.ui.canvas.comparison import Compare
from lsegdiff_gui.ui.canvas.divider import Divider


@pytest.fixture
def compared(canvas: Canvas, document: Document) -> Canvas:
    """A stroke beside what was drafted."""
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[100:300, 100:300] = 1
    document.place_base(mask)
    canvas.refresh()
    drag(canvas, (400, 150), (450, 250))
    drag(canvas, (150, 150), (200, 200), keys=Qt.KeyboardModifier.ControlModifier)
    canvas.show_draft_mask(document.base_mask)
    canvas.show_mark(None)
    return canvas


def divider(canvas: Canvas) -> Divider:
    found = canvas.findChild(Divider)
    assert isinstance(found, Divider)
    return found


def test_that_the_drafts_mask_is_shown_while_c_is_held(compared: Canvas) -> None:
    before = pixels(compared)
    QTest.keyPress(compared, Qt.Key.Key_C)
    assert compared.comparison is Compare.DRAFT
    assert not np.array_equal(pixels(compared), before)
    QTest.keyRelease(compared, Qt.Key.Key_C)
    assert compared.comparison is Compare.OFF
    assert np.array_equal(pixels(compared), before)


def test_that_masks_are_hidden_while_v_is_held(compared: Canvas) -> None:
    before = pixels(compared)
    QTest.keyPress(compared, Qt.Key.Key_V)
    hidden = pixels(compared)
    assert not np.array_equal(hidden, before)
    QTest.keyRelease(compared, Qt.Key.Key_V)
    assert np.array_equal(pixels(compared), before)
    compared.set_overlay(visible=False, opacity=0.5, outline=False)
    assert np.array_equal(pixels(compared), hidden)


def test_that_a_key_that_repeats_stays_held(compared: Canvas) -> None:
    QTest.keyPress(compared, Qt.Key.Key_C)
    for kind in (QEvent.Type.KeyRelease, QEvent.Type.KeyPress):
        QApplication.sendEvent(compared, QKeyEvent(kind, Qt.Key.Key_C, NONE, "c", True))
        assert compared.comparison is Compare.DRAFT


@pytest.mark.parametrize("key", [Qt.Key.Key_C, Qt.Key.Key_V])
def test_that_losing_the_focus_lets_go_of_the_key(compared: Canvas, key: Qt.Key) -> None:
    before = pixels(compared)
    QTest.keyPress(compared, key)
    QApplication.sendEvent(compared, QFocusEvent(QEvent.Type.FocusOut))
    assert np.array_equal(pixels(compared), before)


def test_that_letting_go_of_c_returns_to_what_was_chosen(compared: Canvas) -> None:
    compared.set_comparison(Compare.DIFFERENCE)
    QTest.keyPress(compared, Qt.Key.Key_C)
    assert compared.comparison is Compare.DRAFT
    QTest.keyRelease(compared, Qt.Key.Key_C)
    assert compared.comparison is Compare.DIFFERENCE


def test_that_the_line_is_there_for_the_swipe_alone(compared: Canvas) -> None:
    line = divider(compared)
    assert line.isHidden()
    compared.set_comparison(Compare.SWIPE)
    assert not line.isHidden() and line.height() == compared.height()
    QTest.keyPress(compared, Qt.Key.Key_V)
    assert line.isHidden()
    QTest.keyRelease(compared, Qt.Key.Key_V)
    assert not line.isHidden()
    compared.set_overlay(visible=False, opacity=0.5, outline=False)
    assert line.isHidden()
    compared.set_overlay(visible=True, opacity=0.5, outline=False)
    compared.show_preview(np.full((16, 16), 255, np.uint8), "Step 1 of 4")
    assert line.isHidden()
    compared.show_preview(None)
    assert not line.isHidden()
    compared.show_picture(np.full((HEIGHT, WIDTH, 3), 90, np.uint8))
    assert line.isHidden()


def test_that_the_line_follows_the_hand_and_nothing_is_painted(compared: Canvas, document: Document) -> None:
    compared.set_comparison(Compare.SWIPE)
    line, before = divider(compared), document.final.copy()
    middle = QPointF(line.width() / 2, 120)
    send(line, QEvent.Type.MouseButtonPress, middle, LEFT)
    send(line, QEvent.Type.MouseMove, middle - QPointF(125, 0), LEFT)
    send(line, QEvent.Type.MouseButtonRelease, QPointF(line.width() / 2, 120), LEFT)
    assert line.share == pytest.approx(0.25, abs=0.01)
    assert abs(line.geometry().center().x() - 125) <= 1
    assert np.array_equal(document.final, before)
    compared.resize(800, 400)
    assert abs(line.geometry().center().x() - 200) <= 1


def test_that_the_line_stays_within_reach(compared: Canvas) -> None:
    compared.set_comparison(Compare.SWIPE)
    line = divider(compared)
    line.place(7.0)
    assert line.share == 1.0 and line.geometry().intersects(compared.rect())
    line.place(-1.0)
    assert line.share == 0.0 and line.geometry().intersects(compared.rect())


def test_that_arrow_keys_move_the_line(compared: Canvas) -> None:
    compared.set_comparison(Compare.SWIPE)
    line = divider(compared)
    QTest.keyClick(line, Qt.Key.Key_Left)
    assert line.share < 0.5
    QTest.keyClick(line, Qt.Key.Key_Right)
    QTest.keyClick(line, Qt.Key.Key_Right)
    assert line.share > 0.5
    assert line.accessibleName() and line.accessibleDescription()


def test_that_another_document_takes_the_draft_with_it(compared: Canvas) -> None:
    compared.set_comparison(Compare.SWIPE)
    compared.set_document(Document(WIDTH, HEIGHT))
    assert compared.comparison is Compare.OFF and divider(compared).isHidden()


def test_that_the_same_document_shown_again_keeps_its_draft(compared: Canvas, document: Document) -> None:
    compared.set_comparison(Compare.DIFFERENCE)
    compared.set_document(document)
    assert compared.comparison is Compare.DIFFERENCE


@pytest.mark.parametrize("scale", [None, 1.0, 4.0])
@pytest.mark.parametrize("compare", list(Compare))
def test_that_partial_repaints_leave_what_a_full_repaint_shows_while_comparing(
    compared: Canvas, compare: Compare, scale: float | None
) -> None:
    compared.set_comparison(compare)
    if scale is not None:
        compared.zoom_to(scale)
    QApplication.processEvents()
    generator = np.random.default_rng(7)
    line = divider(compared)
    for share in (0.3, 0.62, 0.6):
        points = [QPointF(*generator.uniform((0, 0), (500, 400))) for _ in range(3)]
        send(compared, QEvent.Type.MouseButtonPress, points[0], LEFT)
        for point in points[1:]:
            send(compared, QEvent.Type.MouseMove, point, LEFT)
            QApplication.processEvents()
        send(compared, QEvent.Type.MouseButtonRelease, points[-1], LEFT)
        if not line.isHidden():
            line.place(share)
            QApplication.processEvents()
    left = backing_store(compared)
    paint_afresh(compared)
    assert np.array_equal(left, backing_store(compared))
