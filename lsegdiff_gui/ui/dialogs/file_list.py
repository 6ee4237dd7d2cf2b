"""A list of files of any length: names, and a mark at those that are replaced."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtWidgets import QListView

from lsegdiff_gui.ui import theme

Index = QModelIndex | QPersistentModelIndex


class _Files(QAbstractListModel):
    """Hands out only the lines that are seen, so that ten thousand files cost nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._files: tuple[Path, ...] = ()
        self._replaced: frozenset[Path] = frozenset()
        self._new = theme.icon("mdi6.file-plus-outline", "muted")
        self._old = theme.icon("mdi6.file-replace-outline", "warning")

    def show_files(self, files: Sequence[Path], replaced: frozenset[Path]) -> None:
        self.beginResetModel()
        self._files, self._replaced = tuple(files), replaced
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._files)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        file = self._files[index.row()]
        replaced = file in self._replaced
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{file.name}   – replaces the file that is there" if replaced else file.name
        if role == Qt.ItemDataRole.DecorationRole:
            return self._old if replaced else self._new
        if role == Qt.ItemDataRole.ToolTipRole:
            return str(file)
        return None


class FileList(QListView):
    """Shows files by name; those that take another's place are marked."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setIconSize(QSize(16, 16))
        self._files = _Files()
        self._files.setParent(self)
        self.setModel(self._files)

    def show_files(self, files: Sequence[Path], replaced: frozenset[Path]) -> None:
        """Show these files instead; `replaced` are those among them that are there already."""
        self._files.show_files(files, replaced)

    @property
    def lines(self) -> list[str]:
        """What is shown, line by line."""
        return [self._files.data(self._files.index(row)) for row in range(self._files.rowCount())]
