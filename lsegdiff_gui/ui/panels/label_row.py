"""One label in the Labels panel: its colour, name and key, and whether it is active, hidden and locked."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QColorDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from lsegdiff_gui.annotation.labels import IGNORE, Label
from lsegdiff_gui.annotation.new_label import PALETTE
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.panels.label_changes import LONGEST_NAME

_SWATCH = 16
_SIGN = 18
# Of the digit, so that the names of labels with and without one end in one line.
_KEY_WIDTH = 26
_BORDER = QColor(128, 128, 128)


def swatch(colour: str) -> QIcon:
    """A rounded square of a colour, with a border that shows it on light and on dark."""
    pixmap = QPixmap(_SWATCH, _SWATCH)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(_BORDER, 1))
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(pixmap.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.end()
    return QIcon(pixmap)


class LabelRow(QWidget):
    """Shows one label and hands on what the user wants of it.

    Signals: chosen(): it shall be the active one; renamed(str), recoloured(str "#rrggbb"), hidden(bool), locked(bool).
    """

    chosen = Signal()
    renamed = Signal(str)
    recoloured = Signal(str)
    hidden = Signal(bool)
    locked = Signal(bool)

    def __init__(self, label: Label, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = label
        self._came_from: QWidget | None = None
        self.colour = _tool_button()
        self.colour.setIconSize(QSize(_SWATCH, _SWATCH))
        self.name = _tool_button()
        self.name.setCheckable(True)
        self.name.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        # The name takes what room there is, and is cut short rather than make the column wider.
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.name.installEventFilter(self)
        self.editor = QLineEdit()
        self.editor.setMaxLength(LONGEST_NAME)
        self.editor.setAccessibleName("New name of the label")
        self.editor.installEventFilter(self)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.name)
        self._pages.addWidget(self.editor)
        self._pages.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.key = QLabel()
        self.key.setFixedWidth(_KEY_WIDTH)
        self.key.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.set_role(self.key, "keys")
        self._keep_key_room()
        self.eye = _tool_button(checkable=True)
        self.lock = _tool_button(checkable=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.colour)
        row.addWidget(self._pages, 1)
        row.addWidget(self.key, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addSpacing(2)
        row.addWidget(self.eye)
        row.addWidget(self.lock)
        self.colour.clicked.connect(self._choose_colour)
        self.name.clicked.connect(self.chosen)
        self.editor.editingFinished.connect(self._take_name)
        self.eye.clicked.connect(self.hidden)
        self.lock.clicked.connect(self.locked)
        self.show_label(label, active=False)

    @property
    def label(self) -> Label:
        """What is shown."""
        return self._label

    def show_label(self, label: Label, *, active: bool) -> None:
        """Show this label, without telling anyone."""
        self._label = label
        name = label.name
        self.colour.setIcon(swatch(label.colour))
        self.colour.setEnabled(label.id != IGNORE)
        self.colour.setAccessibleName(f"Colour of {name}")
        self.colour.setToolTip(f"Choose the colour of “{name}”" if label.id != IGNORE else "Always grey")
        self.name.setText(name.replace("&", "&&"))
        self.name.setChecked(active)
        self.name.setIcon(theme.icon("mdi6.radiobox-marked" if active else "mdi6.radiobox-blank"))
        self.name.setAccessibleName(f"{name}, active" if active else name)
        renaming = "" if label.id == IGNORE else "\nDouble click renames it; so does F2 on it"
        self.name.setToolTip(f"Paint “{name}”{f' (key {label.key})' if label.key else ''}{renaming}")
        self.key.setText(label.key)
        self.key.setVisible(bool(label.key))
        self.eye.setChecked(not label.visible)
        # Muted where all is as usual, so that what is hidden or locked stands out.
        self.eye.setIcon(
            theme.icon("mdi6.eye-outline", "muted") if label.visible else theme.icon("mdi6.eye-off-outline")
        )
        self.eye.setAccessibleName(f"Hide {name}")
        self.eye.setToolTip(f"{'Hide' if label.visible else 'Show'} “{name}”")
        self.lock.setChecked(label.locked)
        self.lock.setIcon(
            theme.icon("mdi6.lock") if label.locked else theme.icon("mdi6.lock-open-variant-outline", "muted")
        )
        self.lock.setAccessibleName(f"Lock {name}")
        self.lock.setToolTip(
            f"Let the pixels of “{name}” be changed again"
            if label.locked
            else f"Lock “{name}”: no tool adds to its pixels or takes any away"
        )

    def rename(self) -> None:
        """Let the user type another name."""
        if self._label.id == IGNORE or self._pages.currentWidget() is self.editor:
            return
        self._came_from = QApplication.focusWidget()
        self.editor.setText(self._label.name)
        self._pages.setCurrentWidget(self.editor)
        self.editor.setFocus()
        self.editor.selectAll()

    def colour_menu(self) -> QMenu:
        """The colours to choose among; deletes itself when it is closed."""
        menu = QMenu(f"Colour of {self._label.name}", self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, colour in PALETTE:
            action = menu.addAction(swatch(colour), words)
            action.setCheckable(True)
            action.setChecked(colour == self._label.colour)
            action.triggered.connect(lambda _checked=False, colour=colour: self.recoloured.emit(colour))
        menu.addSeparator()
        menu.addAction("Another colour…").triggered.connect(self._choose_freely)
        return menu

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Double click and F2 on the name, Esc in its editor."""
        if watched is self.name:
            wanted = event.type() == QEvent.Type.MouseButtonDblClick or _is_key(event, Qt.Key.Key_F2)
            if wanted and self._label.id != IGNORE:
                self.rename()
                return True
        elif _is_key(event, Qt.Key.Key_Escape):
            self._leave_editor()
            return True
        return super().eventFilter(watched, event)

    def _keep_key_room(self) -> None:
        policy = self.key.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.key.setSizePolicy(policy)

    def _take_name(self) -> None:
        if self._pages.currentWidget() is self.editor:
            name = self.editor.text()
            self._leave_editor()
            if name != self._label.name:
                self.renamed.emit(name)

    def _leave_editor(self) -> None:
        had_focus = self.editor.hasFocus()
        self._pages.setCurrentWidget(self.name)
        if had_focus and self._came_from is not None:
            # Back to the canvas, most often: the next letter is a command again.
            self._came_from.setFocus()
        self._came_from = None

    def _choose_colour(self) -> None:
        self.colour_menu().popup(self.colour.mapToGlobal(QPoint(0, self.colour.height())))

    def _choose_freely(self) -> None:
        dialog = QColorDialog(QColor(self._label.colour), self.window())
        dialog.setWindowTitle(f"Colour of {self._label.name}")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(lambda colour: self.recoloured.emit(colour.name()))
        dialog.open()


def _tool_button(*, checkable: bool = False) -> QToolButton:
    button = QToolButton()
    button.setIconSize(QSize(_SIGN, _SIGN))
    button.setCheckable(checkable)
    # A click leaves the keys with the canvas.
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _is_key(event: QEvent, key: Qt.Key) -> bool:
    return isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == key
