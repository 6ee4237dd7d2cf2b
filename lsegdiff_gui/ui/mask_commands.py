"""The commands on the mask that need no pointer: its recipe, the label's edge and parts, copies, and starting over."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from lsegdiff_gui.annotation.instances import Partition
from lsegdiff_gui.annotation.labels import ERASED
from lsegdiff_gui.annotation.steps import Changes
from lsegdiff_gui.annotation.tools import clipping, components, margins
from lsegdiff_gui.annotation.tools.parcel import Parcel, delivered
from lsegdiff_gui.ui import mask_clipboard
from lsegdiff_gui.ui.actions import Actions
from lsegdiff_gui.ui.canvas.canvas import Canvas
from lsegdiff_gui.ui.message_bar import Message
from lsegdiff_gui.ui.panels.mask_panel import MaskPanel
from lsegdiff_gui.ui.preferences import Preferences
from lsegdiff_gui.ui.session import Session

U8 = npt.NDArray[np.uint8]

_KEY = "mask command"


class MaskCommands(QObject):
    """Changes the shown document at a command; each is one step of undo."""

    def __init__(
        self,
        actions: Actions,
        session: Session,
        preferences: Preferences,
        *,
        canvas: Canvas,
        panel: MaskPanel,
    ) -> None:
        super().__init__(canvas)
        self._session = session
        self._preferences = preferences
        self._canvas = canvas
        editing = session.editing
        actions.connect(
            {
                "mask.kernel_up": lambda: panel.change_kernel(1),
                "mask.kernel_down": lambda: panel.change_kernel(-1),
                "mask.fill_holes": panel.toggle_holes,
                "mask.reset": panel.reset,
            }
        )
        steps: dict[str, Callable[[], object]] = {
            "edit.copy": self._copy,
            "edit.paste": lambda: editing.turns.take(self._paste),
            "mask.close_holes": lambda: self._change(_without_holes, "fill holes"),
            "mask.largest": lambda: self._change(_largest, "largest only"),
            "mask.grow": lambda: self._change_edge(_grown, "grow"),
            "mask.shrink": lambda: self._change_edge(_shrunk, "shrink"),
            "mask.smooth": lambda: self._change_edge(_smoothed, "smooth"),
            "mask.rejoin": lambda: editing.set_partition(Partition()),
            "mask.revert": editing.revert,
            "mask.revert_seen": lambda: editing.revert(canvas.view.seen),
            "mask.clear": editing.clear,
            "mask.bake": editing.bake,
        }
        actions.connect({name: self._after_the_stroke(step) for name, step in steps.items()})

    def _after_the_stroke(self, step: Callable[[], object]) -> Callable[[], object]:
        """What a command does comes after an open stroke, which is a step of its own."""

        def take() -> None:
            self._canvas.finish_gesture()
            step()

        return take

    def _change(self, find: Callable[[U8, int], Changes], tool: str) -> None:
        """Change the active label. find: of (H, W) uint8 labels and that label."""
        label = self._canvas.active_label
        self._session.editing.change(lambda final: find(final, label), tool)

    def _change_edge(self, find: Callable[[U8, int, int], Changes], tool: str) -> None:
        """Change the active label's edge by the pixels that are set for it."""
        pixels = self._preferences.settings.grow_pixels
        self._change(lambda final, label: find(final, label, pixels), tool)

    def _copy(self) -> None:
        def find(final: U8) -> tuple[clipping.Clipping, QImage] | None:
            copied = clipping.copy(final)
            return None if copied is None else (copied, mask_clipboard.portrait(copied))

        self._session.editing.look(find, "Copy", self._copied)

    def _copied(self, found: tuple[clipping.Clipping, QImage] | None) -> None:
        document = self._session.editing.document
        if found is None or document is None:
            self._tell("There is no mask to copy on this picture.")
            return
        copied, portrait = found
        mask_clipboard.put(Parcel.of(copied, document.labels), portrait)
        self._tell("The mask is copied. Paste it into this picture, another, or another window.")

    def _paste(self) -> None:
        document = self._session.editing.document
        if document is None:
            return
        try:
            parcel = mask_clipboard.take()
        except mask_clipboard.NoMaskError as error:
            self._tell(str(error))
            return
        labels, missing = document.labels, list[str]()

        def find(final: U8) -> Changes:
            pasted = clipping.paste(parcel.clipping, final.shape[1], final.shape[0])
            delivery = delivered(parcel, pasted, labels)
            missing.extend(delivery.missing)
            return delivery.changes

        self._session.editing.change(find, "paste")
        # In its turn: once that is done.
        self._session.editing.turns.take(lambda: self._tell(missing_words(missing)) if missing else None)

    def _tell(self, sentence: str) -> None:
        self._session.message.emit(Message(sentence, "info", key=_KEY))


def missing_words(names: Sequence[str]) -> str:
    """What to do about labels of a copied mask that this project does not have."""
    listed = ", ".join(f"“{name}”" for name in names)
    one = len(names) == 1
    return (
        f"The copied mask has {'a label' if one else 'labels'} that this project does not: {listed} "
        f"{'was' if one else 'were'} left out. Add {'it' if one else 'them'} in the Labels panel and paste again."
    )


def _without_holes(final: U8, label: int) -> Changes:
    return [(components.holes(final, label), label)]


def _largest(final: U8, label: int) -> Changes:
    return [(components.all_but_largest(final, label), ERASED)]


def _grown(final: U8, label: int, pixels: int) -> Changes:
    return [(margins.grown(final, label, pixels), label)]


def _shrunk(final: U8, label: int, pixels: int) -> Changes:
    return [(margins.shrunk(final, label, pixels), ERASED)]


def _smoothed(final: U8, label: int, pixels: int) -> Changes:
    added, taken = margins.smoothed(final, label, 2 * pixels + 1)
    return [(added, label), (taken, ERASED)]
