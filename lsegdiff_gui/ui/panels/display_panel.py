"""The Display panel: how mask and picture look on the screen; nothing of it reaches a file."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QPushButton, QVBoxLayout, QWidget

from lsegdiff_gui.imaging.look import LARGEST_GAMMA, LARGEST_VALUE, PictureLook, Window, as_16_bit
from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.canvas.comparison import Compare
from lsegdiff_gui.ui.panels.controls import NoAccidentalWheel, ValueSlider
from lsegdiff_gui.ui.panels.section import Section


@dataclass(frozen=True)
class OverlayLook:
    """The mask over the picture. opacity: 0 to 1; outline: its border only; compare: with the draft's mask."""

    visible: bool = True
    opacity: float = 0.45
    outline: bool = False
    compare: Compare = Compare.OFF


# Of the window's sliders, in values of 65536; a page is ten of them.
_WINDOW_STEP = 64
_WHOLE = Window(32768, LARGEST_VALUE)
_ON_SCREEN = "Only on the screen: the file and the model see no change"
_COMPARISONS = (
    (Compare.OFF, "Nothing"),
    (Compare.SWIPE, "Draft, side by side"),
    (Compare.DIFFERENCE, "Draft, differences"),
    (Compare.DOUBT, "Doubt of the samples"),
)


class DisplayPanel(QWidget):
    """Signals: overlay_changed(OverlayLook), picture_changed(PictureLook)."""

    overlay_changed = Signal(object)
    picture_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._overlay = OverlayLook()
        self._picture = PictureLook()
        self._native: npt.NDArray[np.uint16] | None = None
        self._tones: npt.NDArray[np.uint8] | None = None
        section = Section("Display")
        self._reset = QPushButton("Reset")
        theme.set_role(self._reset, "quiet")
        self._reset.setAccessibleName("Reset the tones")
        self._reset.setToolTip("Show the picture as it is")
        section.add_to_head(self._reset)
        self.visible = QCheckBox("Show the mask")
        section.add_wide(self.visible)
        self.style_box = QComboBox()
        self.style_box.addItem("Filled", False)
        self.style_box.addItem("Outline", True)
        section.add_row("Mask as", self.style_box)
        self.opacity = ValueSlider(0, 100, "Mask opacity")
        section.add_row("Opacity", self.opacity)
        self.compare_box = QComboBox()
        for compare, words in _COMPARISONS:
            self.compare_box.addItem(words, compare.value)
        section.add_row("Compare with", self.compare_box, "Hold C to see the draft's mask alone")
        self.brightness = ValueSlider(-100, 100, "Brightness")
        section.add_row("Brightness", self.brightness, _ON_SCREEN)
        self.contrast = ValueSlider(-100, 100, "Contrast")
        section.add_row("Contrast", self.contrast, _ON_SCREEN)
        self.gamma = ValueSlider(-100, 100, "Gamma")
        section.add_row("Gamma", self.gamma, "Lightens or darkens what lies between black and white")
        self.local = ValueSlider(0, 100, "Local contrast")
        section.add_row(
            "Local contrast", self.local, "Brings out vessels and pits (CLAHE), on the screen only"
        )
        self._add_window(section)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(section)
        self._wheel = NoAccidentalWheel(self)
        self._wheel.guard(self.style_box, self.compare_box)
        self.visible.toggled.connect(lambda on: self.change_overlay(visible=on))
        self.style_box.activated.connect(lambda: self.change_overlay(outline=self.style_box.currentData()))
        self.opacity.moved.connect(lambda value: self.change_overlay(opacity=value / 100))
        self.compare_box.activated.connect(
            lambda: self.change_overlay(compare=Compare(self.compare_box.currentData()))
        )
        self.brightness.moved.connect(lambda value: self._change_picture(brightness=value))
        self.contrast.moved.connect(lambda value: self._change_picture(contrast=value))
        self.gamma.moved.connect(lambda value: self._change_picture(gamma=_gamma(value)))
        self.local.moved.connect(lambda value: self._change_picture(local_contrast=value))
        self.centre.moved.connect(lambda value: self._change_window(centre=value))
        self.width_slider.moved.connect(lambda value: self._change_window(width=value))
        self.auto.clicked.connect(self._choose_window)
        self._reset.clicked.connect(self._reset_picture)
        self.show_picture(None)
        self.show_overlay(self._overlay)
        self.show_picture_look(self._picture)

    @property
    def overlay(self) -> OverlayLook:
        """How the mask is shown."""
        return self._overlay

    @property
    def picture_look(self) -> PictureLook:
        """How the picture is shown."""
        return self._picture

    def _add_window(self, section: Section) -> None:
        """The controls that only a 16-bit picture has."""
        self.centre = ValueSlider(0, LARGEST_VALUE, "Window centre")
        self.width_slider = ValueSlider(1, LARGEST_VALUE, "Window width")
        self.auto = QPushButton("Fit the window to the picture")
        self.auto.setToolTip("From the darkest to the brightest half percent of the pixels")
        self._of_16_bit: list[QWidget] = [self.centre, self.width_slider, self.auto]
        for words, slider in (("Centre", self.centre), ("Width", self.width_slider)):
            slider.slider.setSingleStep(_WINDOW_STEP)
            slider.slider.setPageStep(10 * _WINDOW_STEP)
            help = "Which of the 65536 values of a 16-bit picture are shown"
            self._of_16_bit.append(section.add_row(words, slider, help))
        section.add_wide(self.auto)

    def show_picture(self, picture: Picture | None) -> None:
        """This picture is shown: one of 16 bit has a window."""
        self._native = None if picture is None else as_16_bit(picture.native)
        self._tones = None if picture is None else picture.tones
        for widget in self._of_16_bit:
            widget.setVisible(self._native is not None)
        self.show_picture_look(self._picture)

    def show_overlay(self, look: OverlayLook) -> None:
        """Show this look without telling anyone."""
        self._overlay = look
        boxes = (self.visible, self.style_box, self.compare_box)
        blockers = [QSignalBlocker(box) for box in boxes]
        self.visible.setChecked(look.visible)
        self.style_box.setCurrentIndex(int(look.outline))
        self.compare_box.setCurrentIndex(self.compare_box.findData(look.compare.value))
        for blocker in blockers:
            blocker.unblock()
        self.opacity.show_value(round(100 * look.opacity), f"{round(100 * look.opacity)} %")
        self.opacity.setEnabled(look.visible and not look.outline)
        self.style_box.setEnabled(look.visible)
        self.compare_box.setEnabled(look.visible)

    def show_picture_look(self, look: PictureLook) -> None:
        """Show this look without telling anyone."""
        self._picture = look
        self.brightness.show_value(look.brightness, f"{look.brightness:+d} %" if look.brightness else "0 %")
        self.contrast.show_value(look.contrast, f"{look.contrast:+d} %" if look.contrast else "0 %")
        self.gamma.show_value(_gamma_place(look.gamma), f"{look.gamma:.2f}")
        self.local.show_value(look.local_contrast, f"{look.local_contrast} %")
        window = self._window
        self.centre.show_value(window.centre, str(window.centre))
        self.width_slider.show_value(window.width, str(window.width))
        self._reset.setEnabled(not look.is_plain)

    @property
    def _window(self) -> Window:
        """The window that is in force: chosen, or the one the picture was read with."""
        if self._picture.window is not None:
            return self._picture.window
        return _WHOLE if self._native is None else Window.as_read(self._native, self._tones)

    def change_overlay(self, **changes: Any) -> None:
        """Change some fields of the mask's look, as controls, keys and buttons do, and tell."""
        self.show_overlay(replace(self._overlay, **changes))
        self.overlay_changed.emit(self._overlay)

    def toggle_comparison(self, compare: Compare) -> None:
        """Compare like this, or no more if that is how it is compared."""
        self.change_overlay(compare=Compare.OFF if self._overlay.compare is compare else compare)

    def _change_picture(self, **changes: Any) -> None:
        self.show_picture_look(replace(self._picture, **changes))
        self.picture_changed.emit(self._picture)

    def _change_window(self, **changes: Any) -> None:
        self._change_picture(window=replace(self._window, **changes))

    def _choose_window(self) -> None:
        if self._native is not None:
            self._change_picture(window=Window.auto(self._native))

    def _reset_picture(self) -> None:
        self.show_picture_look(PictureLook())
        self.picture_changed.emit(self._picture)


def _gamma(place: int) -> float:
    """The gamma of a place on the slider: as far to the left as to the right is the inverse."""
    return round(math.pow(LARGEST_GAMMA, place / 100), 3)


def _gamma_place(gamma: float) -> int:
    return round(100 * math.log(gamma, LARGEST_GAMMA))
