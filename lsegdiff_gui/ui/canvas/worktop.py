"""The viewer with a document on it and a hand over it: what gestures act on, and what is seen of the hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtWidgets import QWidget

from lsegdiff_gui.annotation.commands import PaintEdit
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.hints import Hint
from lsegdiff_gui.annotation.instances import Partition
from lsegdiff_gui.annotation.steps import Find
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.cursor_mark import CursorMark
from lsegdiff_gui.ui.canvas.hand import Hand, Queue
from lsegdiff_gui.ui.canvas.hint_marks import HintMarks
from lsegdiff_gui.ui.canvas.navigation import Navigator
from lsegdiff_gui.ui.canvas.pointer import ToolPointer
from lsegdiff_gui.ui.canvas.tools import ToolName
from lsegdiff_gui.ui.canvas.viewer import Pixels

_CONTROL = Qt.KeyboardModifier.ControlModifier


class Worktop(Navigator):
    """The picture under its mask, to be worked on.

    Signals, besides the viewer's
        stroke_finished(PaintEdit): a stroke has changed the document; it is in the document's log already.
        edit_wanted(find, tool): what `Editing.change` takes; nothing has changed yet.
        partition_wanted(Partition): other cuts and ties.
        hint_wanted(Hint), hint_gone_wanted(int index), look_wanted(Box): what the model is to be told.
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
    hint_wanted = Signal(object)
    hint_gone_wanted = Signal(int)
    look_wanted = Signal(object)
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
        self._told = HintMarks()
        self._pixel: tuple[int, int] | None = None
        self._space_is_held = False
        self._control_is_held = False
        self._pointer = ToolPointer()

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

    def show_hints(self, marks: HintMarks) -> None:
        """Show what the model was told, as long as a tool that tells it is in the hand."""
        self._told = marks
        super().show_hints(marks if self._hand.tool.tells else HintMarks())

    # The tool

    def set_tool(self, tool: ToolName, pointer: ToolPointer | None = None) -> None:
        """Choose a tool: an open stroke is finished, an open outline left. Raises ValueError for others."""
        self._hand.take(tool)
        self._pointer = pointer or ToolPointer()
        if not self._hand.tool.ring:
            self.show_mark(None)
        self.show_hints(self._told)
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

    def set_pen_pressure(self, feels: bool) -> None:
        """Whether a pen's pressure sets the width of strokes."""
        self._hand.feels_pressure = feels

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

    def want_hint(self, hint: Hint) -> None:
        """Have the model told."""
        self.hint_wanted.emit(hint)

    def want_hint_gone(self, index: int) -> None:
        """Have a hint taken back."""
        self.hint_gone_wanted.emit(index)

    def want_look(self, box: Box) -> None:
        """Have the model look there."""
        self.look_wanted.emit(box)

    def tell_tolerance(self, tolerance: float) -> None:
        """The wand goes on from here."""
        self._hand.tolerance = tolerance
        self.tolerance_changed.emit(self._hand.tolerance)

    # What is seen of the hand

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
