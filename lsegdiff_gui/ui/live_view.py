"""The drafting made visible: each step goes to the film strip and is played over the picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QCoreApplication, QEvent, QObject

from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.ui.canvas.canvas import Canvas
from lsegdiff_gui.ui.panels.film_strip import FilmStrip
from lsegdiff_gui.ui.panels.player import StepPlayer
from lsegdiff_gui.workers.segmenting import StepLike


@dataclass(frozen=True)
class FilmStep:
    """A step of a draft that was made earlier."""

    index: int
    steps: int
    preview: npt.NDArray[np.uint8]
    draft: Draft | None = None


class LiveView(QObject):
    """Joins strip, player and canvas. Playing holds nothing up: the mask below is there as soon as it is made."""

    def __init__(self, canvas: Canvas, strip: FilmStrip, player: StepPlayer) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._strip = strip
        self._player = player
        self._steps: dict[int, StepLike] = {}
        self._listens = False
        # A step is on the canvas because the user chose it, not because it is being played.
        self._is_looking = False
        player.shown.connect(self._play)
        player.finished.connect(self._played)
        strip.hovered.connect(self._hover)
        strip.picked.connect(self._pick)
        canvas.preview_dismissed.connect(self._dismissed)

    def begin(self, steps: int) -> None:
        """A draft was asked for: an empty film of so many steps."""
        self._clear()
        self._strip.begin(steps)
        self._player.begin()

    def add(self, step: StepLike) -> None:
        """A step has come."""
        self._remember(step)
        self._player.add(step)
        self._listen(self._player.is_playing)

    def end(self) -> None:
        """No further step will come. A whole film is played to its end; one that was stopped gives way at once."""
        if not any(step.index == step.steps for step in self._steps.values()):
            self._player.begin()
            self._played()

    @property
    def is_empty(self) -> bool:
        """Whether the film has no step yet."""
        return not self._steps

    def show_film(self, draft: Draft | None) -> None:
        """The film of the draft under the mask, ready to be looked at; not while that very draft is being played."""
        if draft is None:
            self._player.begin()
            self._clear()
            self._strip.clear()
        elif not self._shows(draft):
            self._player.begin()
            self._clear()
            self._strip.begin(draft.provenance.steps)
            for index, preview in enumerate(draft.film, start=1):
                self._remember(FilmStep(index, draft.provenance.steps, preview))

    def play(self) -> bool:
        """Play the film from its start; False if there is none."""
        steps = [self._steps[index] for index in sorted(self._steps)]
        self._is_looking = False
        self._player.begin()
        for step in steps:
            self._player.add(step)
        self._listen(self._player.is_playing)
        return bool(steps)

    @property
    def looked_at(self) -> int | None:
        """The step that was chosen to be looked at."""
        return self._strip.current if self._is_looking else None

    def skip(self) -> bool:
        """Show the mask now; False if nothing was playing."""
        if not self._player.is_playing:
            return False
        self._player.skip()
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Any key ends the playing, whatever else it does. A shortcut is seen only as a ShortcutOverride."""
        if event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            self.skip()
        return False

    def _listen(self, on: bool) -> None:
        """Watch the whole application's events, but only while steps are played: each passes through Python."""
        app = QCoreApplication.instance()
        if app is not None and on != self._listens:
            self._listens = on
            if on:
                app.installEventFilter(self)
            else:
                app.removeEventFilter(self)

    def dismiss(self) -> bool:
        """Leave a step that was chosen from the strip; False if none is shown."""
        if self._player.is_playing or not self._is_looking:
            return False
        self._played()
        return True

    def _shows(self, draft: Draft) -> bool:
        last = self._steps.get(len(draft.film))
        return last is not None and bool(np.array_equal(last.preview, draft.film[-1]))

    def _remember(self, step: StepLike) -> None:
        self._steps[step.index] = step
        self._strip.add(step)

    def _clear(self) -> None:
        self._listen(False)
        self._steps.clear()
        self._canvas.show_preview(None)

    def _play(self, step: StepLike) -> None:
        self._strip.set_current(step.index)
        self._show(step)

    def _played(self) -> None:
        self._listen(False)
        self._is_looking = False
        self._strip.set_current(None)
        self._canvas.show_preview(None)

    def _show(self, step: StepLike) -> None:
        self._canvas.show_preview(step.preview, f"Step {step.index} of {step.steps}")

    def _hover(self, index: int) -> None:
        step = self._steps.get(index)
        if step is not None:
            self._player.skip()
            self._show(step)
        elif not self._player.is_playing:
            self._played()

    def _pick(self, index: int) -> None:
        """Chosen with click or arrow keys: stays until the pointer leaves, the mask is painted on, or Esc."""
        if (step := self._steps.get(index)) is not None:
            self._player.skip()
            self._is_looking = True
            self._strip.set_current(index)
            self._show(step)

    def _dismissed(self) -> None:
        self._player.skip()
        self._played()
