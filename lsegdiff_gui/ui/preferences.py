"""The settings while the program runs: changed in one place, written soon after."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.ui import settings as settings_room
from lsegdiff_gui.ui.message_bar import Message
from lsegdiff_gui.ui.settings import Settings

# A slider that is dragged changes a setting many times; the file is written when it rests.
_WRITE_AFTER_MS = 500


class Preferences(QObject):
    """Signals: changed(Settings); message(Message) when they cannot be written."""

    changed = Signal(object)
    message = Signal(object)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._written = settings
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_WRITE_AFTER_MS)
        self._rest.timeout.connect(self.write)

    @property
    def settings(self) -> Settings:
        """The settings now."""
        return self._settings

    def change(self, **fields: Any) -> None:
        """Change some fields."""
        self.put(replace(self._settings, **fields))

    def put(self, settings: Settings) -> None:
        """Take over whole settings, from the dialog."""
        if settings != self._settings:
            self._settings = settings
            self.changed.emit(settings)
            self._rest.start()

    def write(self) -> None:
        """Write what has changed, now."""
        self._rest.stop()
        if self._settings == self._written:
            return
        try:
            settings_room.save(self._settings)
        except LSegDiffError as error:
            self.message.emit(Message(str(error), "warning", key="settings"))
        else:
            self._written = self._settings
