"""Rows for dialogs, and what can be found in a dialog."""

from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.project.pictures import PictureRow
from lsegdiff_gui.ui.dialogs.file_list import FileList


def row(number: int, status: Status = Status.DONE, folder: str = "/pictures") -> PictureRow:
    return PictureRow(
        number, Path(folder) / f"p{number}.jpg", "", 0, 0, status, status is not Status.NEW, False, ""
    )


def texts(dialog: QWidget) -> str:
    """All that can be read in the dialog."""
    labels = [label.text() for label in dialog.findChildren(QLabel)]
    lines = [line.text() for line in dialog.findChildren(QLineEdit)]
    return "\n".join([*labels, *lines])


def button(dialog: QWidget, text: str) -> QPushButton:
    return next(button for button in dialog.findChildren(QPushButton) if button.text().startswith(text))


def box(dialog: QWidget, text: str) -> QCheckBox:
    return next(box for box in dialog.findChildren(QCheckBox) if box.text().startswith(text))


def listed(dialog: QWidget, name: str) -> FileList:
    return next(files for files in dialog.findChildren(FileList) if files.accessibleName() == name)
