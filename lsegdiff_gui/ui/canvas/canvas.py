"""Doing: mouse, pen, wheel and keys reach the hand over the picture."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from lsegdiff_gui.ui.canvas.cursor_mark import CursorMark
from lsegdiff_gui.ui.canvas.navigation import wheel_request
from lsegdiff_gui.ui.canvas.wheel import TOLERANCE_TO_DOUBLE, Resize
from lsegdiff_gui.ui.canvas.worktop import Worktop

# Steps of the cross-hair at an arrow key with Shift.
_ARROW_LEAP = 10
# The cross-hair stays this far, in widget pixels, from the canvas's border.
_CROSSHAIR_MARGIN = 40.0
_ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_NO_MODIFIER = Qt.KeyboardModifier.NoModifier
_CONTROL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_KEYPAD = Qt.KeyboardModifier.KeypadModifier


class Canvas(Worktop):
    """The picture under its mask, to be worked on with mouse, pen, trackpad and keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pressed = Qt.MouseButton.NoButton
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Canvas"))
        self.setAccessibleDescription(
            self.tr(
                "The picture with its mask. Drag to paint, turn the wheel to zoom, hold Space to move the picture. "
                "The arrow keys move a cross-hair and Enter uses the tool there; "
                "what goes from one point to another is begun by one Enter and ended by the next."
            )
        )

    # Mouse and pen

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a gesture of the tool or a movement of the picture."""
        moves = event.button() == Qt.MouseButton.MiddleButton
        turns = event.button() == Qt.MouseButton.RightButton and self._hand.tool.tells
        if not moves and not turns and event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
        elif self._hand.is_held_by_key:
            self.finish_gesture()
        elif not self._hand.is_busy:
            self._pressed = event.button()
            modifiers = event.modifiers() | _CONTROL if turns else event.modifiers()
            self._press(event.position(), modifiers, moves=moves)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Close an open outline; anything else takes it as a press like others."""
        if event.button() != Qt.MouseButton.LeftButton or self._space_is_held or not self._hand.close():
            self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Carry the gesture on through every point the event brings."""
        if not event.buttons() & self._pressed and not self._hand.is_held_by_key:
            # The release went elsewhere, for instance to a dialog that opened under the hand.
            self.finish_gesture()
        for point in event.points():
            self._move(point.position(), event.modifiers())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the gesture."""
        if event.button() == self._pressed:
            self.finish_gesture()

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is elsewhere: no ring, no pixel."""
        super().leaveEvent(event)
        if not self._hand.is_busy:
            self.show_mark(None)
            self._tell_pixel(None)

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen: pressure sets the width of the stroke, the other end erases."""
        self._hand.pen_is_inverted = event.pointerType() == QPointingDevice.PointerType.Eraser
        if event.type() == QEvent.Type.TabletPress and not self._hand.is_busy:
            self._press(event.position(), event.modifiers(), moves=False, pressure=event.pressure())
        elif event.type() == QEvent.Type.TabletMove:
            self._move(event.position(), event.modifiers(), event.pressure())
        elif event.type() == QEvent.Type.TabletRelease:
            self.finish_gesture()
            self._hand.pen_is_inverted = False
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Shift: the brush's size, or the tolerance; else move through the picture."""
        request = wheel_request(event)
        if isinstance(request, Resize) and self._hand.tool.tolerates:
            self.tell_tolerance(self._hand.tolerance + TOLERANCE_TO_DOUBLE * math.log2(request.factor))
        elif isinstance(request, Resize):
            self.set_brush_radius(self._hand.radius * request.factor)
            self.brush_size_changed.emit(self._hand.radius)
        else:
            super().wheelEvent(event)
        self._point_at(event.position(), event.modifiers())

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space moves the picture, Ctrl turns the tool round, arrows and Enter work without a mouse."""
        key = event.key()
        if key == Qt.Key.Key_Space:
            self._space_is_held = True
            self._show_pointer()
        elif key == Qt.Key.Key_Control:
            self._show_inverse(held=True)
        elif (arrow := _ARROWS.get(key)) and self.has_picture and _is_plain(event.modifiers()):
            leap = _ARROW_LEAP if event.modifiers() & _SHIFT else 1
            self._move_crosshair(leap * arrow[0], leap * arrow[1])
        elif not (
            (key == Qt.Key.Key_Backspace and self.step_back())
            or (key in _ENTER and (self._use_at_crosshair() or self._hand.close()))
        ):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Let go of Space or Ctrl."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space_is_held = False
            self._show_pointer()
        elif event.key() == Qt.Key.Key_Control:
            self._show_inverse(held=False)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The release of a held key will go elsewhere: take it as let go."""
        self._space_is_held = False
        self._show_inverse(held=False)
        self._show_pointer()
        super().focusOutEvent(event)

    def _move_crosshair(self, dx: int, dy: int) -> None:
        view = self.view
        before = self._scene.mark
        if before is None:
            # From where the pointer was, which a tool without a ring leaves no mark at.
            x, y = (view.centre_x, view.centre_y) if self._pixel is None else self._pixel
            before = CursorMark(x, y, self._hand.radius if self._hand.tool.ring else 0.0)
        mark = replace(before.stepped(dx, dy, view), erases=self._hand.erases(control=False))
        self.set_view(view.revealing(mark.x, mark.y, _CROSSHAIR_MARGIN))
        self.show_mark(mark)
        self._tell_pixel((mark.x, mark.y))
        follow = self._hand.move if self._hand.is_held_by_key else self._hand.hover
        follow(*self.view.to_widget(mark.x, mark.y))

    def _use_at_crosshair(self) -> bool:
        """Use the tool there; what spans two points is begun by one Enter and ended by the next."""
        if self._hand.is_held_by_key:
            return self.finish_gesture()
        mark = self._scene.mark
        if mark is None or not mark.crosshair or self._hand.is_busy or self._document is None:
            return False
        at = self.view.to_widget(mark.x, mark.y)
        self._hand.press(*at, moves=False, control=False, by_key=self._hand.tool.spans)
        if not self._hand.is_held_by_key:
            self.finish_gesture()
        return True

    # What they have in common

    def _press(
        self, at: QPointF, modifiers: Qt.KeyboardModifier, *, moves: bool, pressure: float = 1.0
    ) -> None:
        if not self.has_picture:
            return
        self._hand.press(
            at.x(),
            at.y(),
            moves=moves or self._space_is_held,
            control=bool(modifiers & _CONTROL),
            shift=bool(modifiers & _SHIFT),
            pressure=pressure,
        )
        self._show_pointer()
        self._point_at(at, modifiers)

    def _move(self, at: QPointF, modifiers: Qt.KeyboardModifier, pressure: float = 1.0) -> None:
        self._hand.move(at.x(), at.y(), pressure)
        self._point_at(at, modifiers)


def _is_plain(modifiers: Qt.KeyboardModifier) -> bool:
    """Nothing but Shift is held: other combinations are the window's."""
    return modifiers & ~(_SHIFT | _KEYPAD) == _NO_MODIFIER
