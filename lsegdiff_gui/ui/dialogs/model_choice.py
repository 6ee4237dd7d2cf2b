"""Asked once per project: are these pictures of the skin or of the colon?"""

from __future__ import annotations

from dataclasses import dataclass

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

_PICTURE = QSize(216, 150)
_ROUND = 6
_GUESS = "Your first picture looks like this."


@dataclass(frozen=True)
class _Choice:
    domain: str
    name: str
    text: str
    sample: str


CHOICES = (
    _Choice("skin", "Skin lesions", "Dermoscopy: moles and the like", "skin_01.jpg"),
    _Choice("polyp", "Polyps", "Colonoscopy: polyps of the colon", "polyp_01.jpg"),
)


class ModelChoiceDialog(DialogFrame):
    """Which model drafts the pictures of this project; `choice` holds the answer once accepted.

    guess: what the first picture looks like, "skin" or "polyp", preselected; "" while nobody can tell.
    """

    def __init__(self, parent: QWidget | None = None, *, guess: str = "") -> None:
        super().__init__(
            parent,
            title="What do your pictures show?",
            text="There is one model for each kind. You can change this later in the Draft panel.",
            sign="mdi6.image-search-outline",
        )
        self._answered = False
        self._group = QButtonGroup(self)
        self._cards: dict[str, _Card] = {}
        row = QHBoxLayout()
        row.setSpacing(theme.MARGIN)
        for choice in CHOICES:
            card = _Card(choice)
            card.clicked.connect(self._answer)
            self._cards[choice.domain] = card
            self._group.addButton(card)
            row.addWidget(card, 1)
        self.body.addLayout(row)
        self.add_button("Cancel").clicked.connect(self.reject)
        self._accept = self.add_button("Use this model", default=True)
        self._accept.clicked.connect(self.accept)
        self._accept.setEnabled(False)
        self._group.buttonToggled.connect(lambda: self._accept.setEnabled(True))
        self._cards[CHOICES[0].domain].setFocus()
        self.suggest(guess)

    @property
    def choice(self) -> str:
        """The chosen kind, "skin" or "polyp"; "" while nothing is chosen."""
        return next((domain for domain, card in self._cards.items() if card.isChecked()), "")

    def suggest(self, guess: str) -> None:
        """Take a guess that came later: mark its card, and select it unless the user has chosen already."""
        for domain, card in self._cards.items():
            card.show_guess(domain == guess)
        if guess in self._cards and not self._answered:
            self._cards[guess].setChecked(True)
            self._cards[guess].setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right choose, as in any group of alternatives."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        order = list(self._cards.values())
        chosen = next((number for number, card in enumerate(order) if card.isChecked()), None)
        card = order[0] if chosen is None else order[(chosen + step) % len(order)]
        card.setFocus()
        card.click()

    def _answer(self) -> None:
        self._answered = True


class _Card(QPushButton):
    """One kind of picture: an example, its name, what it is, and whether the first picture looks like it."""

    def __init__(self, choice: _Choice) -> None:
        super().__init__()
        self._text = choice.text
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        self.setFixedWidth(_PICTURE.width() + 2 * theme.MARGIN)
        theme.set_role(self, "choice")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAutoDefault(False)
        self.setAccessibleName(choice.name)
        picture = QLabel()
        picture.setPixmap(_rounded(choice.sample))
        self._guess = label(_GUESS, "accent")
        # Its room is kept, so that the cards do not jump when the guess arrives.
        policy = self._guess.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._guess.setSizePolicy(policy)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        column.setSpacing(theme.GAP // 2)
        column.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(theme.GAP // 2)
        column.addWidget(label(choice.name, "heading"))
        column.addWidget(label(choice.text, "muted"))
        column.addWidget(self._guess)
        column.addStretch(1)
        for child in self.findChildren(QLabel):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.show_guess(False)

    def show_guess(self, guessed: bool) -> None:
        """Say, or do not say, that the first picture looks like this."""
        self._guess.setVisible(guessed)
        self.setAccessibleDescription(f"{self._text}. {_GUESS}" if guessed else self._text)

    def sizeHint(self) -> QSize:
        """As large as what is laid out in it; a push button asks only for the room of its text."""
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()


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
