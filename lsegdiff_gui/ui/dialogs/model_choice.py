"""Asked once per project: are these pictures of the skin or of the colon?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImageReader, QKeyEvent, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from lsegdiff_gui import places
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.dialogs.frame import DialogFrame, label

Domain = Literal["skin", "polyp"]

_PICTURE = QSize(216, 150)
_ROUND = 6


@dataclass(frozen=True)
class _Choice:
    domain: Domain
    name: str
    text: str
    sample: str


CHOICES = (
    _Choice("skin", "Skin lesions", "Dermoscopy: moles and the like", "skin_01.jpg"),
    _Choice("polyp", "Polyps", "Colonoscopy: polyps of the colon", "polyp_01.jpg"),
)


class ModelChoiceDialog(DialogFrame):
    """Which model drafts the pictures of this project; `choice` holds the answer once accepted.

    guess: what the first picture looks like, preselected; None when nobody could tell.
    """

    def __init__(self, parent: QWidget | None = None, *, guess: Domain | None = None) -> None:
        super().__init__(
            parent,
            title="What do your pictures show?",
            text="There is one model for each kind. You can change this later in the Draft panel.",
            sign="mdi6.image-search-outline",
        )
        self._group = QButtonGroup(self)
        self._cards: dict[Domain, QPushButton] = {}
        row = QHBoxLayout()
        row.setSpacing(theme.MARGIN)
        for choice in CHOICES:
            button = _card(choice, guessed=choice.domain == guess)
            self._cards[choice.domain] = button
            self._group.addButton(button)
            row.addWidget(button, 1)
        self.body.addLayout(row)
        self.add_button("Cancel").clicked.connect(self.reject)
        self._accept = self.add_button("Use this model", default=True)
        self._accept.clicked.connect(self.accept)
        self._accept.setEnabled(guess is not None)
        self._group.buttonToggled.connect(lambda: self._accept.setEnabled(True))
        if guess is not None:
            self._cards[guess].setChecked(True)
        self._cards[guess or "skin"].setFocus()

    @property
    def choice(self) -> Domain | None:
        """The chosen kind, or None while nothing is chosen."""
        return next((domain for domain, button in self._cards.items() if button.isChecked()), None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right choose, as in any group of alternatives."""
        order: list[Domain] = [choice.domain for choice in CHOICES]
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        at = order.index(self.choice) if self.choice else (0 if step > 0 else 1) - step
        button = self._cards[order[(at + step) % len(order)]]
        button.setChecked(True)
        button.setFocus()


class _Card(QPushButton):
    """A button as large as what is laid out in it; a push button asks only for the room of its text."""

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()


def _card(choice: _Choice, *, guessed: bool) -> QPushButton:
    button = _Card()
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    theme.set_role(button, "choice")
    button.setCheckable(True)
    button.setAutoExclusive(True)
    button.setAutoDefault(False)
    button.setAccessibleName(choice.name)
    hint = "Your first picture looks like this."
    button.setAccessibleDescription(f"{choice.text}. {hint}" if guessed else choice.text)
    picture = QLabel()
    picture.setPixmap(_rounded(choice.sample))
    column = QVBoxLayout(button)
    column.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
    column.setSpacing(theme.GAP // 2)
    column.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
    column.addSpacing(theme.GAP // 2)
    column.addWidget(label(choice.name, "heading"))
    column.addWidget(label(choice.text, "muted"))
    told = label(hint if guessed else "")
    theme.set_role(told, "accent")
    column.addWidget(told)
    column.addStretch(1)
    for child in button.findChildren(QLabel):
        child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return button


def _rounded(sample: str) -> QPixmap:
    """The middle of a sample picture with rounded corners; empty if the file is not there."""
    reader = QImageReader(str(places.bundled("resources", "samples", sample)))
    size = reader.size()
    if not size.isValid():
        return QPixmap(_PICTURE)
    reader.setScaledSize(size.scaled(_PICTURE, Qt.AspectRatioMode.KeepAspectRatioByExpanding))
    image = reader.read()
    rounded = QPixmap(_PICTURE)
    rounded.fill(Qt.GlobalColor.transparent)
    path = QPainterPath()
    path.addRoundedRect(rounded.rect(), _ROUND, _ROUND)
    painter = QPainter(rounded)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipPath(path)
    spare = (image.size() - _PICTURE) / 2
    painter.drawImage(-spare.width(), -spare.height(), image)
    painter.end()
    return rounded
