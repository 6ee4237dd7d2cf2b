"""How large a window may be: what its screen can show, with the frame the desktop puts around."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

# Title bar and borders. They cannot be asked before the window is shown, so this is what common desktops need.
_FRAME = QSize(4, 40)


def within_screen(window: QWidget, size: QSize) -> QSize:
    """The size, cut to the room there is: a 1400 px window on a small or magnified screen hides its panels."""
    return size.boundedTo(window.screen().availableSize() - _FRAME)
