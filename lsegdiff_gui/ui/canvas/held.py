"""A gesture that began while the document was not free: it waits, and is then made as if it had not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.ui.canvas.gestures import Gesture, Stage
from lsegdiff_gui.ui.canvas.proposal import Point, Proposal


class Desk(Stage, Protocol):
    """The stage, with the document that lies on it."""

    @property
    def document(self) -> Document | None:
        """What is worked on; None while there is nothing."""
        ...


class HeldGesture:
    """Keeps the way of the hand, drawn as a line, until its turn comes; from then on it is the gesture itself."""

    def __init__(self, desk: Desk, begin: Callable[[], Gesture]) -> None:
        """begin: makes the gesture; called when its turn comes."""
        self._desk = desk
        self._document = desk.document
        self._begin = begin
        self._gesture: Gesture | None = None
        # Points of the picture: the view may move while the hand waits.
        self._way: list[tuple[Point, float]] = []
        self._is_over = False
        self._is_left = False

    def play(self) -> None:
        """The turn has come: make the gesture up to here."""
        if self._is_left or self._desk.document is not self._document:
            return
        self._desk.show_proposal(None)
        self._gesture = self._begin()
        for point, pressure in self._way:
            self._gesture.move(*self._desk.view.to_widget(*point), pressure)
        if self._is_over:
            self._gesture.finish()

    def move(self, x: float, y: float, pressure: float = 1.0) -> None:
        """The pointer is here now."""
        if self._gesture is not None:
            self._gesture.move(x, y, pressure)
        else:
            self._way.append((self._desk.view.to_picture(x, y), pressure))
            self._desk.show_proposal(Proposal(tuple(point for point, _ in self._way)))

    def finish(self) -> None:
        """The button was let go; what waits is made when its turn comes."""
        if self._gesture is not None:
            self._gesture.finish()
        self._is_over = True

    def cancel(self) -> None:
        """Put everything back as it was at the press."""
        if self._gesture is not None:
            self._gesture.cancel()
        else:
            self._desk.show_proposal(None)
        self._is_left = True
