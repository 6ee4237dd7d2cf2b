"""Everything that can be operated has a name, in the window and in its dialogs."""

from collections.abc import Callable
from pathlib import Path

from made.windows import Hand
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QProgressBar,
    QScrollArea,
    QScrollBar,
    QWidget,
)

Open = Callable[..., Hand]
OPERATED = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QProgressBar,
)


def unnamed(root: QWidget) -> list[str]:
    """Widgets a hand or a key can operate that a screen reader could not name."""
    found = []
    for widget in root.findChildren(QWidget):
        takes_keys = isinstance(widget, QScrollArea) and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if not (isinstance(widget, OPERATED) or takes_keys) or isinstance(widget, QScrollBar):
            continue
        if not widget.isVisibleTo(root) or _is_part(widget):
            continue
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is None or not interface.text(QAccessible.Text.Name).strip():
            found.append(f"{type(widget).__name__} in {type(widget.parent()).__name__}")
    return found


def _is_part(widget: QWidget) -> bool:
    """Whether it belongs to one of Qt's own composite widgets, which is named as a whole."""
    parent = widget.parent()
    inside = parent.metaObject().className() if parent is not None else ""
    return (
        widget.objectName().startswith("qt_")
        or inside == "QComboBoxPrivateContainer"
        or isinstance(parent, QAbstractSpinBox | QComboBox | QLineEdit)
    )


def test_that_everything_in_the_window_has_a_name(open_with: Open, pictures: list[Path]) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    assert unnamed(hand.window) == []
    for widget in (hand.window.canvas, hand.window.strips.film, hand.window.status):
        assert widget.accessibleName()


def test_that_everything_in_the_dialogs_has_a_name(open_with: Open, pictures: list[Path]) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    commands = (
        "file.settings",
        "file.keys",
        "file.export",
        "help.keys",
        "help.commands",
        "help.about",
        "draft.run",
    )
    for command in commands:
        hand.do(command)
        hand.wait(lambda: hand.window.asking.dialog is not None)
        dialog = hand.window.asking.dialog
        assert dialog is not None
        assert dialog.accessibleName(), command
        assert unnamed(dialog) == [], command
        dialog.reject()
        hand.wait(lambda: hand.window.asking.dialog is None)
