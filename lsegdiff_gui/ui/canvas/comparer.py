"""A viewer that also knows the draft's mask: held keys show it or hide all masks, a line wipes between the two."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.comparison import Compare
from lsegdiff_gui.ui.canvas.divider import WIDTH, Divider
from lsegdiff_gui.ui.canvas.doubt_overlay import DoubtMap
from lsegdiff_gui.ui.canvas.viewer import Pixels, Viewer

_COMPARE_KEY = Qt.Key.Key_C
_HIDE_KEY = Qt.Key.Key_V


class Comparer(Viewer):
    """Shows the present mask, the draft's, or both."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chosen = Compare.OFF
        self._divider = Divider(self)
        self._divider.moved.connect(self._split_at)

    def show_labels(self, plane: Pixels | None) -> None:
        """Lay a label plane over the picture: see `Viewer.show_labels`. The draft's mask goes with the one before."""
        present = self._scene.labels
        if present is None or present.plane is not plane:
            self._scene.masks.set_draft(None)
        super().show_labels(plane)
        self._show_divider()

    def show_draft_mask(self, plane: Pixels | None, label: int = 1) -> None:
        """What the present mask is compared with: a base mask, (H, W) uint8, shared; times `label` its labels."""
        if self._scene.masks.set_draft(plane, label) and self._scene.masks.compare is not Compare.OFF:
            self._renew()
        self._show_divider()

    def show_doubt(self, doubt: DoubtMap | None) -> None:
        """Where the samples of the draft differ, for `Compare.DOUBT`; None without a draft."""
        self._scene.masks.doubt = doubt
        if self._scene.masks.compare is Compare.DOUBT:
            self._renew()
            self.update()

    def show_preview(self, probability: Pixels | None, caption: str = "") -> None:
        """Show a step of the drafting instead of masks: see `Viewer.show_preview`."""
        super().show_preview(probability, caption)
        self._show_divider()

    def set_comparison(self, compare: Compare) -> None:
        """How the present mask and the draft's are shown, but for held keys."""
        self._chosen = compare
        self._show(compare)

    @property
    def comparison(self) -> Compare:
        """What is shown now, held keys included; OFF without a draft's mask."""
        return self._scene.masks.shown

    def set_overlay(self, *, visible: bool, opacity: float, outline: bool) -> None:
        """How masks are shown: see `Viewer.set_overlay`."""
        super().set_overlay(visible=visible, opacity=opacity, outline=outline)
        self._show_divider()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """C shows the draft's mask, V no mask, for as long as they are held."""
        if event.modifiers() == Qt.KeyboardModifier.NoModifier and event.key() == _COMPARE_KEY:
            self._show(Compare.DRAFT)
        elif event.modifiers() == Qt.KeyboardModifier.NoModifier and event.key() == _HIDE_KEY:
            self._hide_masks(True)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Show again what was chosen."""
        # A key that is held sends releases too.
        if event.isAutoRepeat() or event.key() not in (_COMPARE_KEY, _HIDE_KEY):
            super().keyReleaseEvent(event)
        elif event.key() == _COMPARE_KEY:
            self._show(self._chosen)
        else:
            self._hide_masks(False)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The release of a held key will go elsewhere: take it as let go."""
        self._hide_masks(False)
        self._show(self._chosen)
        super().focusOutEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the line in its place."""
        super().resizeEvent(event)
        self._divider.fit()

    def _show(self, compare: Compare) -> None:
        if compare is not self._scene.masks.compare:
            self._scene.masks.compare = compare
            self._renew()
        self._show_divider()

    def _hide_masks(self, hidden: bool) -> None:
        if hidden is not self._scene.masks.hidden:
            self._scene.masks.hidden = hidden
            self._renew()
            self._show_divider()

    def _show_divider(self) -> None:
        steps = self._scene.preview is not None
        self._divider.setVisible(self._scene.masks.shown is Compare.SWIPE and not steps)

    def _split_at(self, share: float) -> None:
        """Repaint what lies between where the line was and where it is."""
        masks, view = self._scene.masks, self._scene.view
        before = masks.split(view)
        masks.share = share
        after = masks.split(view)
        reach = round(WIDTH * view.ratio)
        self._renew(Box(min(before, after) - reach, 0, max(before, after) + reach, view.device_height))
