"""The hand over the picture, without Qt: the tool in it, the tool's options, and the gesture under way."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from lsegdiff_gui.annotation.stroke import SMALLEST_RADIUS
from lsegdiff_gui.ui.canvas.gestures import Gesture, PaintGesture, PanGesture, Pixels, Press
from lsegdiff_gui.ui.canvas.held import Desk, HeldGesture
from lsegdiff_gui.ui.canvas.outlining import Outline
from lsegdiff_gui.ui.canvas.picking import MOST_TOLERANT
from lsegdiff_gui.ui.canvas.tools import TOOLS, Tool, ToolName

LARGEST_RADIUS = 1000.0


class Queue(Protocol):
    """The order of the steps on a document: see `ui.turns`."""

    @property
    def is_busy(self) -> bool:
        """Whether something else is at the document."""
        ...

    def take(self, act: Callable[[], object]) -> None:
        """Do this when its turn comes."""


class Table(Desk, Protocol):
    """The stage, with what lies on it."""

    @property
    def rgb8(self) -> Pixels | None:
        """The shown picture, (H, W, 3) uint8."""
        ...

    @property
    def queue(self) -> Queue | None:
        """Where gestures wait while something else is at the document; None: nothing ever is."""
        ...

    def dismiss_preview(self) -> None:
        """The hand needs to see the mask."""

    def tell_freed(self) -> None:
        """The hand has let go."""


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
        self.feels_pressure = True
        self._by_key = False

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
        return isinstance(self._gesture, PaintGesture | HeldGesture)

    @property
    def moves_picture(self) -> bool:
        """Whether the picture is held."""
        return isinstance(self._gesture, PanGesture)

    @property
    def is_held_by_key(self) -> bool:
        """Whether Enter began what is under way, and Enter is to end it."""
        return self._gesture is not None and self._by_key

    def press(
        self,
        x: float,
        y: float,
        *,
        moves: bool,
        control: bool,
        shift: bool = False,
        pressure: float = 1.0,
        by_key: bool = False,
    ) -> None:
        """A button, or Enter, goes down; moves: to move the picture, whatever the tool; control: turned round."""
        self._by_key = by_key
        if moves or self.tool.begin is None:
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
                shift=shift,
            )
            begun = self._begun(press)
            if isinstance(begun, Outline):
                self._outline = begun
            else:
                self._gesture = begun
                self._gesture.move(x, y, self._felt(pressure))
        if self._outline is not None and self._outline.press(x, y):
            self.close()

    def move(self, x: float, y: float, pressure: float = 1.0) -> None:
        """The pointer is here now."""
        if self._gesture is not None:
            self._gesture.move(x, y, self._felt(pressure))
        else:
            self.hover(x, y)

    def _felt(self, pressure: float) -> float:
        return pressure if self.feels_pressure else 1.0

    def hover(self, x: float, y: float) -> None:
        """The pointer or the cross-hair is here, and no button is pressed."""
        if self._outline is not None:
            self._outline.hover(x, y)

    def finish(self) -> bool:
        """Take the pressed button as let go; False if none was. An open outline stays open."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.finish()
            self._table.tell_freed()
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
            self._table.tell_freed()
            return True
        outline, self._outline = self._outline, None
        if outline is not None:
            outline.cancel()
        return outline is not None

    def drop(self) -> None:
        """Leave everything that is open: the picture goes."""
        while self.cancel():
            pass

    def _begun(self, press: Press) -> Gesture | Outline:
        """The gesture of a press, which waits where it needs a document that something else is at."""
        tool, table, queue = self.tool, self._table, self._table.queue
        assert tool.begin is not None
        if not tool.in_turn or queue is None or not queue.is_busy:
            return tool.begin(table, press)
        held = HeldGesture(table, partial(_gesture, tool, table, press))
        queue.take(held.play)
        return held


def _gesture(tool: Tool, table: Table, press: Press) -> Gesture:
    begun = None if tool.begin is None else tool.begin(table, press)
    if begun is None or isinstance(begun, Outline):
        raise TypeError("Only what a button holds can wait for its turn.")
    return begun
