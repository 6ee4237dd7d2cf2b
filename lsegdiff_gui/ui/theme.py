"""The look of the program: Fusion, one palette and one style sheet per colour scheme, spacing, icons."""

from __future__ import annotations

from string import Template
from typing import Literal

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from lsegdiff_gui import places
from lsegdiff_gui.ui.icons import application_icon, icon
from lsegdiff_gui.ui.tones import DARK, LIGHT, Tones, colours_by_name, palette_of, tones

__all__ = [
    "GAP",
    "ICON",
    "MARGIN",
    "SCHEMES",
    "WIDE",
    "Scheme",
    "Tones",
    "application_icon",
    "apply",
    "icon",
    "set_role",
    "tones",
]

Scheme = Literal["system", "light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("system", "light", "dark")

# All distances are multiples of 4 px, so that panels and dialogs line up with each other.
GAP = 8
MARGIN = 12
WIDE = 20
ICON = 20


class _Follower(QObject):
    """Holds the chosen scheme for the application's life and repaints it when the desktop's changes."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._scheme: Scheme = "system"
        app.styleHints().colorSchemeChanged.connect(self._desktop_changed)

    def choose(self, scheme: Scheme) -> None:
        self._scheme = scheme
        hints = self._app.styleHints()
        if scheme == "system":
            hints.unsetColorScheme()
        else:
            # Window frames and native dialogs follow this; the palette below does the rest.
            hints.setColorScheme(Qt.ColorScheme.Dark if scheme == "dark" else Qt.ColorScheme.Light)
        self._show()

    def _desktop_changed(self) -> None:
        if self._scheme == "system":
            self._show()

    def _show(self) -> None:
        if self._scheme == "system":
            dark = self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        else:
            dark = self._scheme == "dark"
        colours = DARK if dark else LIGHT
        # A style sheet keeps the colours it was written with: a new palette needs a new sheet.
        sheet = style_sheet(colours)
        if tones() is colours and self._app.styleSheet() == sheet:
            return
        self._app.setPalette(palette_of(colours))
        self._app.setStyleSheet(sheet)


def apply(app: QApplication, scheme: Scheme) -> None:
    """Give the whole application its look, now and whenever the desktop's scheme changes ("system")."""
    follower = app.findChild(_Follower)
    if follower is None:
        app.setStyle("Fusion")
        follower = _Follower(app)
    follower.choose(scheme)


def style_sheet(colours: Tones) -> str:
    """The style sheet of `resources/style/window.qss` filled in for one theme."""
    folder = places.bundled("resources", "style")
    names = colours_by_name(colours) | {
        "pictures": (folder / ("dark" if colours.dark else "light")).as_posix(),
    }
    return Template((folder / "window.qss").read_text(encoding="utf-8")).substitute(names)


def set_role(widget: QWidget, role: str) -> None:
    """Mark a widget for the style sheet and repaint it.

    role: of a label "title", "heading", "muted", "accent", "warning", "danger" or "keys"; of a frame "card" or
    "separator"; of a push button "quiet" or "choice".
    """
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
