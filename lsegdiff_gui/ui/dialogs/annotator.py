"""Asked once of who has used the program before it asked: who annotates."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from lsegdiff_gui.ui.dialogs.frame import DialogFrame
from lsegdiff_gui.ui.settings import LONGEST_NAME

_WIDTH = 440


class AnnotatorDialog(DialogFrame):
    """Accepted with a name or without one; rejected means the same as without one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            parent,
            title="Who annotates?",
            text="A name or initials are written beside each of your steps from now on, if you like. It can be changed "
            "in the settings, and is never taken from the system.",
            sign="mdi6.account-edit-outline",
        )
        self.setFixedWidth(_WIDTH)
        self._name = QLineEdit()
        self._name.setMaxLength(LONGEST_NAME)
        self._name.setPlaceholderText("Name or initials")
        self._name.setAccessibleName("Who annotates")
        self.body.addWidget(self._name)
        self.add_button("No name").clicked.connect(self.reject)
        self.add_button("Keep this name", default=True).clicked.connect(self.accept)
        self._name.setFocus()

    @property
    def annotator(self) -> str:
        """The name, "" for none."""
        return self._name.text().strip()
