"""Doing: the viewer with the hand on it. Mouse, pen, trackpad and keys reach the tool, and the tool the document."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from lsegdiff_gui.annotation.commands import PaintEdit
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.instances import Partition
from lsegdiff_gui.annotation.steps import Find
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.cursor_mark import CursorMark
from lsegdiff_gui.ui.canvas.hand import Hand, Queue
from lsegdiff_gui.ui.canvas.navigation import Navigator, wheel_request
from lsegdiff_gui.ui.canvas.pointer import ToolPointer
from lsegdiff_gui.ui.canvas.tools import ToolName
from lsegdiff_gui.ui.canvas.viewer import Pixels
from lsegdiff_gui.ui.canvas.wheel import TOLERANCE_TO_DOUBLE, Resize

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


class Canvas(Navigator):
    """The picture under its mask, to be worked on.

    Signals, besides the viewer's
        stroke_finished(PaintEdit): a stroke has changed the document; it is in the document's log already.
        edit_wanted(find, tool): what `Editing.change` takes; nothing has changed yet.
        partition_wanted(Partition): other cuts and ties.
        cursor_moved((column, row) | None): the picture pixel under the pointer or cross-hair; None beyond the picture.
        brush_size_changed(float): the radius in picture pixels, changed by the wheel.
        tolerance_changed(float): the wand's, 0 to 100, changed by a drag.
        tool_changed(str): another tool is in the hand.
        hand_freed(): no button is pressed any more.
        preview_dismissed(): the hand began to work while a step of the drafting was shown.
    """

    stroke_finished = Signal(object)
    edit_wanted = Signal(object, str)
    partition_wanted = Signal(object)
    cursor_moved = Signal(object)
    brush_size_changed = Signal(float)
    tolerance_changed = Signal(float)
    tool_changed = Signal(str)
    hand_freed = Signal()
    preview_dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self._rgb8: Pixels | None = None
        self._queue: Queue | None = None
        self._hand = Hand(self)
        self._pressed = Qt.MouseButton.NoButton
        self._pixel: tuple[int, int] | None = None
        self._space_is_held = False
        self._control_is_held = False
        self._pointer = ToolPointer()
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Canvas"))
        self.setAccessibleDescription(
            self.tr(
                "The picture with its mask. Drag to paint, turn the wheel to zoom, hold Space to move the picture. "
                "The arrow keys move a cross-hair and Enter uses the tool there."
            )
        )

    # Picture and document

    def show_picture(
        self, rgb8: Pixels | None, pyramid: Sequence[Pixels] | None = None, *, keep_view: bool = False
    ) -> None:
        """Show another picture: see `Viewer.show_picture`. An open stroke is taken back: see `finish_gesture`."""
        self._hand.drop()
        super().show_picture(rgb8, pyramid, keep_view=keep_view)
        self._rgb8 = rgb8
        if self._scene.labels is None:
            self._document = None
        self._show_pointer()

    def set_document(self, document: Document | None) -> None:
        """Show and work on this document's final mask. An open stroke is taken back: see `finish_gesture`.

        Raises ValueError if the document is not of the shown picture's size.
        """
        self._hand.drop()
        if document is not None:
            seen = (self.view.picture_width, self.view.picture_height)
            if (document.width, document.height) != seen:
                raise ValueError(f"The document is {(document.width, document.height)}, the picture {seen}.")
            self.set_label_colours({label.id: label.colour for label in document.labels if label.visible})
        self._document = document
        self.show_labels(None if document is None else document.final)

    def show_preview(self, probability: Pixels | None, caption: str = "") -> None:
        """Show a step of the drafting: see `Viewer.show_preview`. Not over an open stroke: the hand needs the mask."""
        if not self._hand.is_painting:
            super().show_preview(probability, caption)

    def refresh(self, box: Box | None = None) -> None:
        """The document's final mask has changed in a box of picture pixels; None: anywhere."""
        whole = Box.whole(self.view.picture_width, self.view.picture_height)
        self.labels_changed(whole if box is None else box)

    # The tool

    def set_tool(self, tool: ToolName, pointer: ToolPointer | None = None) -> None:
        """Choose a tool: an open stroke is finished, an open outline left. Raises ValueError for others."""
        self._hand.take(tool)
        self._pointer = pointer or ToolPointer()
        if not self._hand.tool.ring:
            self.show_mark(None)
        self._show_pointer()
        self.tool_changed.emit(tool)

    def set_brush_radius(self, radius: float) -> None:
        """The radius of brush and eraser in picture pixels, from the next stroke on."""
        self._hand.radius = radius
        if self._scene.mark is not None and self._hand.tool.ring:
            self.show_mark(replace(self._scene.mark, radius=self._hand.radius))

    def set_tolerance(self, tolerance: float) -> None:
        """What the wand begins with, 0 to 100."""
        self._hand.tolerance = tolerance

    def set_active_label(self, label: int) -> None:
        """What the tools paint, 1 to 254; an open outline gets it too."""
        self._hand.label = label

    @property
    def active_label(self) -> int:
        """What the tools paint."""
        return self._hand.label

    def cancel_gesture(self) -> bool:
        """Put back what the pressed button has done so far, else leave the open outline; False without either."""
        left = self._hand.cancel()
        self._show_pointer()
        return left

    def finish_gesture(self) -> bool:
        """Take the pressed button as let go, before another picture comes; False if no button was pressed."""
        finished = self._hand.finish()
        if finished:
            self._show_pointer()
        return finished

    def step_back(self) -> bool:
        """Take the last corner of an open outline back; False if there is none."""
        return self._hand.step_back()

    @property
    def holds_still(self) -> bool:
        """While the hand moves the picture, nothing else does; strokes are laid down and let it move."""
        return self._hand.moves_picture

    # Asked for by hand and gestures

    @property
    def document(self) -> Document | None:
        """What is worked on."""
        return self._document

    @property
    def rgb8(self) -> Pixels | None:
        """(H, W, 3) uint8: the shown picture."""
        return self._rgb8

    @property
    def queue(self) -> Queue | None:
        """Where gestures wait while something else is at the document; None: nothing ever is."""
        return self._queue

    def wait_in(self, queue: Queue) -> None:
        """Have gestures wait there."""
        self._queue = queue

    def tell_freed(self) -> None:
        """The hand has let go."""
        self.hand_freed.emit()

    def dismiss_preview(self) -> None:
        """Show the mask again where a step of the drafting is shown."""
        if self._scene.preview is not None:
            self.show_preview(None)
            self.preview_dismissed.emit()

    def commit(self, edit: PaintEdit) -> None:
        """Announce a finished stroke."""
        self.stroke_finished.emit(edit)

    def want_edit(self, find: Find, tool: str) -> None:
        """Ask for an edit."""
        self.edit_wanted.emit(find, tool)

    def want_partition(self, partition: Partition) -> None:
        """Ask for other cuts and ties."""
        self.partition_wanted.emit(partition)

    def tell_tolerance(self, tolerance: float) -> None:
        """The wand goes on from here."""
        self._hand.tolerance = tolerance
        self.tolerance_changed.emit(self._hand.tolerance)

    # Mouse and pen

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a gesture of the tool or a movement of the picture."""
        moves = event.button() == Qt.MouseButton.MiddleButton
        if not moves and event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
        elif not self._hand.is_busy:
            self._pressed = event.button()
            self._press(event.position(), event.modifiers(), moves=moves)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Close an open outline; anything else takes it as a press like others."""
        if event.button() != Qt.MouseButton.LeftButton or self._space_is_held or not self._hand.close():
            self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Carry the gesture on through every point the event brings."""
        if not event.buttons() & self._pressed:
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
        self._hand.hover(*self.view.to_widget(mark.x, mark.y))

    def _use_at_crosshair(self) -> bool:
        mark = self._scene.mark
        if mark is None or not mark.crosshair or self._hand.is_busy or self._document is None:
            return False
        self._hand.press(*self.view.to_widget(mark.x, mark.y), moves=False, control=False)
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
            pressure=pressure,
        )
        self._show_pointer()
        self._point_at(at, modifiers)

    def _move(self, at: QPointF, modifiers: Qt.KeyboardModifier, pressure: float = 1.0) -> None:
        self._hand.move(at.x(), at.y(), pressure)
        self._point_at(at, modifiers)

    def _point_at(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Show the ring at a widget point and tell the pixel under it."""
        if not self.has_picture:
            return
        x, y = self.view.to_picture(at.x(), at.y())
        if not self._hand.tool.ring or self._space_is_held or self.holds_still:
            self.show_mark(None)
        else:
            erases = self._hand.erases(control=bool(modifiers & _CONTROL))
            self.show_mark(CursorMark(x, y, self._hand.radius, erases))
        self._tell_pixel((x, y))

    def _tell_pixel(self, at: tuple[float, float] | None) -> None:
        pixel = None
        if at is not None and 0 <= at[0] < self.view.picture_width and 0 <= at[1] < self.view.picture_height:
            pixel = (int(at[0]), int(at[1]))
        if pixel != self._pixel:
            self._pixel = pixel
            self.cursor_moved.emit(pixel)

    def _show_inverse(self, *, held: bool) -> None:
        self._control_is_held = held
        mark = self._scene.mark
        if mark is not None and not self._hand.is_busy:
            self.show_mark(replace(mark, erases=self._hand.erases(control=held)))
        if not self._hand.is_busy:
            self._show_pointer()

    def _show_pointer(self) -> None:
        if self._hand.moves_picture:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif not self.has_picture:
            self.setCursor(Qt.CursorShape.ArrowCursor)
        elif self._space_is_held or self._hand.tool.begin is None:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
            self.show_mark(None)
        else:
            self.setCursor(self._pointer.cursor(turned=self._hand.inverts(control=self._control_is_held)))


def _is_plain(modifiers: Qt.KeyboardModifier) -> bool:
    """Nothing but Shift is held: other combinations are the window's."""
    return modifiers & ~(_SHIFT | _KEYPAD) == _NO_MODIFIER
