"""The hand over the picture, without Qt: the tool in it, the tool's options, and the gesture under way."""

from __future__ import annotations

from typing import Protocol

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.stroke import SMALLEST_RADIUS
from lsegdiff_gui.ui.canvas.gestures import Gesture, PaintGesture, PanGesture, Pixels, Press, Stage
from lsegdiff_gui.ui.canvas.outlining import Outline
from lsegdiff_gui.ui.canvas.picking import MOST_TOLERANT
from lsegdiff_gui.ui.canvas.tools import TOOLS, Tool, ToolName

LARGEST_RADIUS = 1000.0


class Table(Stage, Protocol):
    """The stage, with what lies on it."""

    @property
    def document(self) -> Document | None:
        """What is worked on; None while there is nothing."""
        ...

    @property
    def rgb8(self) -> Pixels | None:
        """The shown picture, (H, W, 3) uint8."""
        ...

    def dismiss_preview(self) -> None:
        """The hand needs to see the mask."""


class Hand:
    """Turns presses, movements and releases into gestures of the chosen tool. Points are in widget pixels."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._tool: ToolName = "brush"
        self._radius = 20.0
        self._gesture: Gesture | None = None
        self._outline: Outline | None = None
        self._tolerance = 10.0
        self.label = 1
        self.pen_is_inverted = False

    # What is in it

    @property
    def tool(self) -> Tool:
        """The chosen tool."""
        return TOOLS[self._tool]

    @property
    def radius(self) -> float:
        """Of brush and eraser, in picture pixels, from the next stroke on."""
        return self._radius

    @radius.setter
    def radius(self, radius: float) -> None:
        self._radius = min(max(radius, SMALLEST_RADIUS), LARGEST_RADIUS)

    @property
    def tolerance(self) -> float:
        """Of the wand, 0 to 100, from the next press on."""
        return self._tolerance

    @tolerance.setter
    def tolerance(self, tolerance: float) -> None:
        self._tolerance = min(max(tolerance, 0.0), MOST_TOLERANT)

    def take(self, tool: ToolName) -> None:
        """Choose a tool: an open stroke is finished, an open outline left. Raises ValueError for others."""
        if tool not in TOOLS:
            raise ValueError(f"The canvas has no tool {tool!r}.")
        self.finish()
        self.cancel()
        self._tool = tool

    def inverts(self, *, control: bool) -> bool:
        """Whether the tool is turned round: by Ctrl, or by the end of the pen that erases with any tool."""
        return self.tool.erases is False if self.pen_is_inverted else control

    def erases(self, *, control: bool) -> bool:
        """Whether a press would take pixels away."""
        return self.tool.erases != self.inverts(control=control)

    # What it does

    @property
    def is_busy(self) -> bool:
        """Whether a button is pressed."""
        return self._gesture is not None

    @property
    def is_painting(self) -> bool:
        """Whether a stroke is open."""
        return isinstance(self._gesture, PaintGesture)

    @property
    def moves_picture(self) -> bool:
        """Whether the picture is held."""
        return isinstance(self._gesture, PanGesture)

    def press(self, x: float, y: float, *, moves: bool, control: bool, pressure: float = 1.0) -> None:
        """A button goes down; moves: to move the picture, whatever the tool."""
        begin = self.tool.begin
        if moves or begin is None:
            self._gesture = PanGesture(self._table, x, y)
            return
        document, rgb8 = self._table.document, self._table.rgb8
        if document is None or rgb8 is None:
            return
        if self._outline is None:
            self._table.dismiss_preview()
            press = Press(
                document,
                rgb8,
                self.label,
                inverse=self.inverts(control=control),
                radius=self._radius,
                tolerance=self.tolerance,
            )
            begun = begin(self._table, press)
            if isinstance(begun, Outline):
                self._outline = begun
            else:
                self._gesture = begun
                self._gesture.move(x, y, pressure)
        if self._outline is not None and self._outline.press(x, y):
            self.close()

    def move(self, x: float, y: float, pressure: float = 1.0) -> None:
        """The pointer is here now."""
        if self._gesture is not None:
            self._gesture.move(x, y, pressure)
        else:
            self.hover(x, y)

    def hover(self, x: float, y: float) -> None:
        """The pointer or the cross-hair is here, and no button is pressed."""
        if self._outline is not None:
            self._outline.hover(x, y)

    def finish(self) -> bool:
        """Take the pressed button as let go; False if none was. An open outline stays open."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.finish()
        return gesture is not None

    def close(self) -> bool:
        """Close the open outline; False if there is none, or none that has an inside."""
        if self._outline is None or not self._outline.close(self.label):
            return False
        self._outline = None
        return True

    def step_back(self) -> bool:
        """Take the last corner of the open outline back; False if there is none."""
        if self._outline is None:
            return False
        if not self._outline.step_back():
            self._outline = None
        return True

    def cancel(self) -> bool:
        """Put back what the pressed button has done, else leave the open outline; False if there is neither."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.cancel()
            return True
        outline, self._outline = self._outline, None
        if outline is not None:
            outline.cancel()
        return outline is not None

    def drop(self) -> None:
        """Leave everything that is open: the picture goes."""
        while self.cancel():
            pass
