"""The note on the shown picture: one line, kept with its status."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

LONGEST = 1000


class NoteField(QLineEdit):
    """Signals: written(str): the user has finished a note; done(): the keys go back to the canvas."""

    written = Signal(str)
    done = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = ""
        self.setPlaceholderText("Note on this picture")
        self.setAccessibleName("Note on this picture")
        self.setMaxLength(LONGEST)
        self.setEnabled(False)
        self.editingFinished.connect(self.finish)
        self.returnPressed.connect(self.done)

    def show_note(self, note: str | None) -> None:
        """Show a picture's note; None when no picture is shown."""
        self.setEnabled(note is not None)
        if note is None or note != self._kept or not self.hasFocus():
            self._kept = note or ""
            with QSignalBlocker(self):
                self.setText(self._kept)
                self.setCursorPosition(0)
            self.setToolTip(self._kept)

    def finish(self) -> None:
        """Hand on what was written; called too when the picture is left with the cursor still in the field."""
        note = self.text().strip()
        if self.isEnabled() and note != self._kept:
            self._kept = note
            self.written.emit(note)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape takes back what was typed."""
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self._kept)
            self.done.emit()
        else:
            super().keyPressEvent(event)
