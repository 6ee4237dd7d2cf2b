"""Shown once, before the first picture: what this program is for, and what it is not."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.dialogs.frame import DialogFrame, card, label
from lsegdiff_gui.ui.icons import Sign
from lsegdiff_gui.ui.settings import LONGEST_NAME

_WIDTH = 560

POINTS = (
    (
        "mdi6.microscope",
        "For research annotation, not a medical device",
        (
            "LSegDiff helps to draw masks for research and teaching. It has not been reviewed by any authority and "
            "must not be used for diagnosis, treatment or any other decision about a patient."
        ),
    ),
    (
        "mdi6.account-check-outline",
        "Every draft is a proposal",
        (
            "The models are wrong at times, and most often on pictures unlike those they learned from. Look at each "
            "mask before you accept it; your corrections always stand above the draft."
        ),
    ),
    (
        "mdi6.lan-disconnect",
        "Nothing leaves your machine",
        "The program opens no network connection. Your work is saved as you paint, in a file on this computer.",
    ),
)


class NoticeDialog(DialogFrame):
    """Accepted when the user has read and agreed; rejected means that the program should close."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            parent,
            title="Before you start",
            text="Please read these three points once.",
            sign="mdi6.shield-check-outline",
        )
        self.setFixedWidth(_WIDTH)
        for sign, heading, text in POINTS:
            frame, column = card()
            row = QHBoxLayout()
            row.setSpacing(theme.MARGIN)
            row.addWidget(Sign(sign, "accent", 24), 0, Qt.AlignmentFlag.AlignTop)
            words = QVBoxLayout()
            words.setSpacing(theme.GAP // 2)
            words.addWidget(label(heading, "heading"))
            words.addWidget(label(text, "muted"))
            words.addStretch(1)
            row.addLayout(words, 1)
            column.addLayout(row)
            self.body.addWidget(frame)
        frame, column = card()
        name = label("Who annotates? (if you like)", "heading")
        self._annotator = QLineEdit()
        self._annotator.setMaxLength(LONGEST_NAME)
        self._annotator.setPlaceholderText("Name or initials")
        self._annotator.setAccessibleName("Who annotates")
        column.addWidget(name)
        column.addWidget(
            label("It is written beside each of your steps, and can be changed in the settings.", "muted")
        )
        column.addWidget(self._annotator)
        self.body.addWidget(frame)
        self._understood = QCheckBox("I have read this and will not use the masks for diagnosis")
        self.body.addWidget(self._understood)
        self.add_button("Quit").clicked.connect(self.reject)
        self._start = self.add_button("Start", default=True)
        self._start.setEnabled(False)
        self._start.clicked.connect(self.accept)
        self._understood.toggled.connect(self._start.setEnabled)
        self._understood.setFocus()

    @property
    def annotator(self) -> str:
        """The name to write beside each step, "" for none."""
        return self._annotator.text().strip()
