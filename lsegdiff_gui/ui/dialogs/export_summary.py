"""What came of an export, as a page: files written, what failed, was left out, or lost in polygons."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QVBoxLayout, QWidget

from lsegdiff_gui.formats.export_words import loss_in_words
from lsegdiff_gui.formats.request import ExportReport
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.dialogs.file_list import FileList
from lsegdiff_gui.ui.dialogs.frame import label
from lsegdiff_gui.ui.icons import Sign

_SIGN = 24


class ExportSummary(QWidget):
    """Shows a report."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.MARGIN)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        self._sign = Sign("mdi6.check-circle-outline", "success", _SIGN)
        self._headline = label("", "heading")
        row.addWidget(self._sign)
        row.addWidget(self._headline, 1)
        column.addLayout(row)
        self._lost = label("", "warning")
        column.addWidget(self._lost)
        self._sentences = QListWidget()
        self._sentences.setAccessibleName("What could not be written")
        self._sentences.setWordWrap(True)
        self._sentences.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self._sentences, 1)
        self._files = FileList("Files that were written")
        column.addWidget(self._files, 2)
        column.addStretch(0)

    def show_report(self, report: ExportReport, pictures: int) -> None:
        """Show what came of the export of so many pictures."""
        failed, left_out = len(report.failures), len(report.left_out)
        written = counted(len(report.written), "file")
        if report.cancelled:
            headline = f"Stopped: {written} written before that, and none for all pictures together."
        elif failed:
            # Pictures, or a file of them all.
            headline = f"{written} written; {failed:,} could not be written."
        elif left_out:
            headline = f"{written} written; {left_out:,} left out."
        else:
            headline = f"{written} written."
        is_whole = not (failed or left_out or report.cancelled)
        self._headline.setText(headline)
        self._sign.show_icon(
            "mdi6.check-circle-outline" if is_whole else "mdi6.alert-outline",
            "success" if is_whole else "warning",
        )
        lost = loss_in_words(report.losses, pictures)
        self._lost.setText(lost)
        self._lost.setVisible(bool(lost))
        self._sentences.clear()
        self._sentences.addItems([sentence for _, sentence in (*report.failures, *report.left_out)])
        self._sentences.setVisible(bool(failed or left_out))
        self._files.show_files(report.written, frozenset())
        self._files.setVisible(bool(report.written))


def counted(number: int, thing: str) -> str:
    """So many things: "1 file", "12 files"."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
