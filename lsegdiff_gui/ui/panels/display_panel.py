"""The Display panel: how mask and picture look on the screen; nothing of it reaches a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QPushButton, QVBoxLayout, QWidget

from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.panels.controls import NoAccidentalWheel, ValueSlider
from lsegdiff_gui.ui.panels.section import Section


@dataclass(frozen=True)
class OverlayLook:
    """The mask over the picture. opacity: 0 to 1; outline: its border only."""

    visible: bool = True
    opacity: float = 0.45
    outline: bool = False


@dataclass(frozen=True)
class PictureLook:
    """Brightness and contrast of the shown picture, each -100 to 100 percent; 0 and 0 leave it as it is."""

    brightness: int = 0
    contrast: int = 0

    @property
    def is_plain(self) -> bool:
        """Whether the picture is shown as it is."""
        return self.brightness == 0 and self.contrast == 0

    def table(self) -> npt.NDArray[np.uint8]:
        """(256,) uint8: the shown value for each value. Contrast turns about mid-grey, then light is added."""
        values = np.arange(256, dtype=np.float64)
        # Exponential, so that +100 % and -100 % are each other's inverse: factors 4 and 1/4.
        factor = 4.0 ** (self.contrast / 100.0)
        shown = (values - 127.5) * factor + 127.5 + 1.28 * self.brightness
        table: npt.NDArray[np.uint8] = np.clip(np.rint(shown), 0, 255).astype(np.uint8)
        return table


class DisplayPanel(QWidget):
    """Signals: overlay_changed(OverlayLook), picture_changed(PictureLook)."""

    overlay_changed = Signal(object)
    picture_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._overlay = OverlayLook()
        self._picture = PictureLook()
        section = Section("Display")
        self._reset = QPushButton("Reset")
        theme.set_role(self._reset, "quiet")
        self._reset.setAccessibleName("Reset brightness and contrast")
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
        self.brightness = ValueSlider(-100, 100, "Brightness")
        section.add_row(
            "Brightness", self.brightness, "Only on the screen: the file and the model see no change"
        )
        self.contrast = ValueSlider(-100, 100, "Contrast")
        section.add_row("Contrast", self.contrast, "Only on the screen: the file and the model see no change")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(section)
        self._wheel = NoAccidentalWheel(self)
        self._wheel.guard(self.style_box)
        self.visible.toggled.connect(lambda on: self.change_overlay(visible=on))
        self.style_box.activated.connect(lambda: self.change_overlay(outline=self.style_box.currentData()))
        self.opacity.moved.connect(lambda value: self.change_overlay(opacity=value / 100))
        self.brightness.moved.connect(lambda value: self._change_picture(brightness=value))
        self.contrast.moved.connect(lambda value: self._change_picture(contrast=value))
        self._reset.clicked.connect(lambda: self._change_picture(brightness=0, contrast=0))
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

    def show_overlay(self, look: OverlayLook) -> None:
        """Show this look without telling anyone."""
        self._overlay = look
        blockers = [QSignalBlocker(self.visible), QSignalBlocker(self.style_box)]
        self.visible.setChecked(look.visible)
        self.style_box.setCurrentIndex(int(look.outline))
        for blocker in blockers:
            blocker.unblock()
        self.opacity.show_value(round(100 * look.opacity), f"{round(100 * look.opacity)} %")
        self.opacity.setEnabled(look.visible and not look.outline)
        self.style_box.setEnabled(look.visible)

    def show_picture_look(self, look: PictureLook) -> None:
        """Show this look without telling anyone."""
        self._picture = look
        self.brightness.show_value(look.brightness, f"{look.brightness:+d} %" if look.brightness else "0 %")
        self.contrast.show_value(look.contrast, f"{look.contrast:+d} %" if look.contrast else "0 %")
        self._reset.setEnabled(not look.is_plain)

    def change_overlay(self, **changes: Any) -> None:
        """Change some fields of the mask's look, as controls, keys and buttons do, and tell."""
        self.show_overlay(replace(self._overlay, **changes))
        self.overlay_changed.emit(self._overlay)

    def _change_picture(self, **changes: Any) -> None:
        self.show_picture_look(replace(self._picture, **changes))
        self.picture_changed.emit(self._picture)
