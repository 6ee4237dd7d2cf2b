"""Seeing: a widget that shows a picture, the mask or a drafting step over it, and repaints no more than changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lsegdiff_gui.imaging.display import pyramid as pyramid_of
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.imaging.look import DisplayLevels, PictureLook
from lsegdiff_gui.ui.canvas.cursor_mark import CursorMark
from lsegdiff_gui.ui.canvas.hint_marks import HintMarks
from lsegdiff_gui.ui.canvas.label_pyramid import Halves, LabelPyramid
from lsegdiff_gui.ui.canvas.overlay import OverlayStyle, contour_reach, parse_colour
from lsegdiff_gui.ui.canvas.parting_signs import PartingSigns
from lsegdiff_gui.ui.canvas.picture_layer import BACKGROUND, PictureLayer
from lsegdiff_gui.ui.canvas.proposal import Proposal
from lsegdiff_gui.ui.canvas.scene import Scene
from lsegdiff_gui.ui.canvas.view import View
from lsegdiff_gui.ui.canvas.viewport import Viewport, few_rects

Pixels = npt.NDArray[np.uint8]

# Without a picture there is nothing to zoom or to point at, but a view all the same.
_NOTHING = View.fit(1, 1, 1, 1)
_FOCUS_LINE = 2
# What a frame paints finely of what may be seen roughly until the next: some 5 ms.
_ROUGH_PIXELS = 1 << 19
_KEYBOARD_REASONS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class Viewer(QWidget):
    """One picture with what lies over it.

    Signals
        zoom_changed(float): screen pixels to a picture pixel.
        mask_changed(Box): picture pixels where the label plane has other values now.
    """

    zoom_changed = Signal(float)
    mask_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = Scene(_NOTHING)
        self._seen = Viewport()
        self._look = PictureLook()
        self._shows_focus = False
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 150)

    # What is shown

    @property
    def has_picture(self) -> bool:
        """Whether a picture is shown."""
        return self._scene.picture is not None

    def show_picture(
        self, rgb8: Pixels | None, pyramid: Sequence[Pixels] | None = None, *, keep_view: bool = False
    ) -> None:
        """Show another picture, fitted, with nothing over it; None for no picture.

        rgb8: (H, W, 3) uint8. pyramid: `imaging.display.pyramid` of it, computed here if missing (30 ms at 8192²).
        keep_view: it is the same picture in other pixels; the view and what lies over it stay.
        """
        self._replace_picture(
            None if rgb8 is None else PictureLayer(pyramid or pyramid_of(rgb8)), keep_view=keep_view
        )

    def show_glimpse(self, rgb8: Pixels, width: int, height: int) -> None:
        """Show what is known of a picture of this size before it is here; rgb8: (h, w, 3) uint8, smaller.

        `show_picture` with `keep_view` then changes nothing but its sharpness.
        """
        self._replace_picture(PictureLayer(pyramid_of(rgb8), (width, height)), keep_view=False)

    def _replace_picture(self, picture: PictureLayer | None, *, keep_view: bool) -> None:
        before, self._scene.picture = self._scene.picture, picture
        if picture is not None:
            picture.dress(self._look, DisplayLevels())
        same_size = before and picture and (before.width, before.height) == (picture.width, picture.height)
        if not (keep_view and same_size):
            self.show_labels(None)
            self.show_parting(None)
            self.show_hints(HintMarks())
            self.show_preview(None)
            self.show_mark(None)
            if picture is None:
                self._scene.view = _NOTHING
            else:
                self.fit()
        self._renew()

    def set_look(self, look: PictureLook, prepared: DisplayLevels | None = None) -> None:
        """How this picture and those after it are shown. prepared: of this picture, what the look needs."""
        self._look = look
        if self._scene.picture is not None:
            self._scene.picture.dress(look, prepared or DisplayLevels())
            self._renew()

    def show_labels(self, plane: Pixels | None) -> None:
        """Lay a label plane over the picture, (H, W) uint8, shared: see `labels_changed`; None for none."""
        self._scene.masks.present = None if plane is None else LabelPyramid(plane)
        self._renew()

    def labels_changed(self, box: Box) -> None:
        """The label plane has other values in a box of picture pixels: repaint what shows it, contour included."""
        if self._scene.labels is None or box.is_empty:
            return
        self._scene.labels.changed(box)
        self.mask_changed.emit(box)
        view = self._scene.view
        self._renew(view.device_box(box).padded(contour_reach(view.ratio)))

    def take_halves(self, halves: Halves) -> None:
        """The changed part of the label plane at smaller sizes: after `labels_changed`, to spare making them here."""
        if self._scene.labels is not None:
            self._scene.labels.put(halves)

    def show_preview(self, probability: Pixels | None, caption: str = "") -> None:
        """Show a step of the drafting instead of the labels, with a caption; None shows the labels again.

        probability: (G, G) uint8 over the whole picture, 255 = certain lesion.
        """
        self._update_signs()
        if probability is not None or self._scene.preview is not None:
            self._scene.preview = probability
            self._renew()
        self._scene.caption = replace(self._scene.caption, text=caption)
        self._update_signs()

    def message(self, sentence: str | None, glyph: str = "mdi6.image-plus-outline") -> None:
        """Show a sentence in the middle, for an empty canvas or a picture that cannot be shown; None removes it.

        glyph: the icon above it, a qtawesome name.
        """
        self._scene.message, self._scene.glyph = sentence, glyph
        self.update()

    def set_badge(self, text: str) -> None:
        """Name the model in the top right corner; an empty text for none."""
        self._update_signs()
        self._scene.badge = replace(self._scene.badge, text=text)
        self._update_signs()

    def set_overlay(self, *, visible: bool, opacity: float, outline: bool) -> None:
        """How labels are shown; opacity in [0, 1] of filled areas; outline: contours alone."""
        style = OverlayStyle(visible, min(max(opacity, 0.0), 1.0), outline)
        self._scene.masks.dress(self._scene.masks.colours, style)
        self._renew()

    def set_label_colours(self, colours: Mapping[int, str]) -> None:
        """Colours "#rrggbb" by label; a label without one is not shown. Raises ValueError for other texts."""
        parsed = {label: parse_colour(colour) for label, colour in colours.items()}
        self._scene.masks.dress(parsed, self._scene.masks.style)
        self._renew()

    def show_mark(self, mark: CursorMark | None) -> None:
        """Show the brush's ring elsewhere, or not at all."""
        before, self._scene.mark = self._scene.mark, mark
        for shown in (before, mark):
            if shown is not None:
                self.update(shown.bounds(self._scene.view))

    def show_parting(self, signs: PartingSigns | None) -> None:
        """Show what is one lesion instead of what has one label; None shows the labels again."""
        found = None if signs is None else signs.found
        before = self._scene.masks.instances
        if found is None:
            self._scene.masks.instances = None
        elif before is None or before.plane is not found.plane:
            self._scene.masks.instances = LabelPyramid(found.plane, found.smaller)
        self._scene.parting = signs
        self._renew()

    def show_hints(self, marks: HintMarks) -> None:
        """Show what the model was told."""
        before, self._scene.hints = self._scene.hints, marks
        if marks != before:
            self.update(marks.bounds(self._scene.view).united(before.bounds(self._scene.view)))

    def show_proposal(self, proposal: Proposal | None) -> None:
        """Show what an open gesture would do, or nothing."""
        before, self._scene.proposal = self._scene.proposal, proposal
        if proposal is not None:
            self.update(proposal.changed(before, self._scene.view))
        elif before is not None:
            self.update(before.bounds(self._scene.view))

    # The view

    @property
    def view(self) -> View:
        """Where the picture lies."""
        return self._scene.view

    @property
    def zoom(self) -> float:
        """Screen pixels to a picture pixel."""
        return self._scene.view.scale

    def set_view(self, view: View) -> None:
        """Show the picture elsewhere or larger."""
        before, self._scene.view = self._scene.view, view
        if view != before:
            self._seen.follow(view, roughly=True)
            if not self._scene.moves_with_picture:
                self._seen.roughen()
            self.update()
        if view.scale != before.scale:
            self.zoom_changed.emit(view.scale)

    def fit(self) -> None:
        """Show the whole picture."""
        picture = self._scene.picture
        if picture is not None:
            ratio = self.devicePixelRatioF()
            self.set_view(View.fit(picture.width, picture.height, self.width(), self.height(), ratio))

    def zoom_to(self, scale: float, at: tuple[float, float] | None = None) -> None:
        """Show at `scale` screen pixels to a picture pixel; what is seen at the widget point `at` stays there."""
        if self.has_picture:
            self.set_view(self._scene.view.zoomed(scale, at))

    # Painting

    @property
    def is_settled(self) -> bool:
        """Whether what is seen is as fine as it gets; after zooming that takes some frames."""
        return not self.has_picture or self._seen.is_settled

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the exposed part."""
        painter = QPainter(self)
        painter.setFont(self.font())
        rects = few_rects(event.region())
        if self.has_picture:
            self._paint_pixels(painter, rects)
        else:
            for rect in rects:
                painter.fillRect(rect, QColor(*BACKGROUND))
        self._scene.paint_signs(painter, rects, self.size())
        if self._shows_focus:
            line = _FOCUS_LINE / 2
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), _FOCUS_LINE))
            painter.drawRect(self.rect().toRectF().adjusted(line, line, -line, -line))
        painter.end()
        if not self.is_settled:
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what is in the middle there, or the whole picture in sight."""
        super().resizeEvent(event)
        self._adopt_viewport()

    def event(self, event: QEvent) -> bool:
        """Follow the window to a screen of another density."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._adopt_viewport()
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus if the keyboard brought it."""
        self._show_focus(event.reason() in _KEYBOARD_REASONS)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the focus."""
        self._show_focus(False)
        super().focusOutEvent(event)

    def _show_focus(self, shown: bool) -> None:
        if shown != self._shows_focus:
            self._shows_focus = shown
            self.update()

    def _adopt_viewport(self) -> None:
        if self.has_picture:
            self.set_view(self._scene.view.resized(self.width(), self.height(), self.devicePixelRatioF()))

    def _paint_pixels(self, painter: QPainter, rects: Sequence[QRect]) -> None:
        """Bring the kept pixels up to date and copy what is exposed of them."""
        scene, seen = self._scene, self._seen
        seen.follow(scene.view, roughly=True)
        boxes = seen.take_stale()
        boxes += seen.take_rough(_ROUGH_PIXELS - sum(box.area for box in boxes))
        if boxes:
            renewing = QPainter(seen.image)
            for box in boxes:
                scene.paint_pixels(renewing, box)
            renewing.end()
        painter.save()
        # From here on whole device pixels, which widget pixels need not be.
        painter.scale(1 / scene.view.ratio, 1 / scene.view.ratio)
        for rect in rects:
            widget = Box(rect.x(), rect.y(), rect.x() + rect.width(), rect.y() + rect.height())
            box = scene.view.device_box_of_widget(widget)
            painter.drawImage(
                QPoint(box.x0, box.y0), seen.image, QRect(box.x0, box.y0, box.width, box.height)
            )
        painter.restore()

    def _renew(self, device: Box | None = None) -> None:
        """Paint a box of device pixels anew, None: everything; picture or masks have changed there."""
        if device is None:
            self._seen.forget()
            self.update()
            return
        self._seen.follow(self._scene.view, roughly=True)
        self._seen.spoil(device)
        box = self._scene.view.widget_box(device)
        if not box.is_empty:
            self.update(QRect(box.x0, box.y0, box.width, box.height))

    def _update_signs(self) -> None:
        for rect in self._scene.sign_rects(self.size(), self.font()):
            self.update(rect)
