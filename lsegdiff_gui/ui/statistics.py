"""The statistics of the project: read on the catalogue's thread, shown while work goes on, written as a table."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QFileDialog, QWidget

from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.imaging.write import write_atomically
from lsegdiff_gui.project import statistics
from lsegdiff_gui.project.catalogue import Catalogue
from lsegdiff_gui.project.statistics import PictureFigures, Plot
from lsegdiff_gui.ui.asking import Asking
from lsegdiff_gui.ui.dialogs.statistics import StatisticsDialog
from lsegdiff_gui.ui.message_bar import Message
from lsegdiff_gui.ui.session import Session

_KEY = "statistics"
# While pictures are drafted in the background the plots move, but not with each of them.
_ANEW_MS = 1000


class Statistics(QObject):
    """Opens the dialog and keeps it up to date."""

    def __init__(self, window: QWidget, session: Session, asking: Asking) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._asking = asking
        self._dialog: StatisticsDialog | None = None
        self._anew = QTimer(self)
        self._anew.setSingleShot(True)
        self._anew.setInterval(_ANEW_MS)
        self._anew.timeout.connect(self._read)
        session.rows.changed.connect(lambda _row: self._read_soon())

    def show(self) -> None:
        """Show the plots."""
        if self._dialog is not None:
            return
        dialog = StatisticsDialog(self._window)
        wants_file: list[bool] = []

        def file_wanted() -> None:
            wants_file.append(True)
            dialog.accept()

        dialog.file_wanted.connect(file_wanted)
        dialog.finished.connect(self._closed)
        self._dialog = dialog
        self._read()
        # Only then, for one dialog is open at a time.
        self._asking.show(dialog, lambda: self._ask_file() if wants_file else None)

    def _closed(self) -> None:
        self._dialog = None

    def _read_soon(self) -> None:
        if self._dialog is not None and not self._anew.isActive():
            self._anew.start()

    def _read(self) -> None:
        def read(catalogue: Catalogue) -> tuple[Plot, ...]:
            return statistics.plots(catalogue.figures())

        self._session.staff.catalogue.ask(read, self._take)

    def _take(self, plots: tuple[Plot, ...]) -> None:
        if self._dialog is not None:
            self._dialog.show_plots(plots)

    def _ask_file(self) -> None:
        dialog = QFileDialog(self._window, "Save the figures", str(self._asking.last_folder()))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(["Tables (*.csv)"])
        dialog.setDefaultSuffix("csv")
        dialog.selectFile("statistics.csv")
        self._asking.show(dialog, lambda: self._save(Path(dialog.selectedFiles()[0])))

    def _save(self, path: Path) -> None:
        def write(figures: list[PictureFigures]) -> None:
            self._session.staff.chores.start(
                lambda _is_cancelled: write_atomically(path, statistics.as_csv(figures)),
                lambda _nothing: self._tell(
                    Message(f"The figures were written to {path}.", "done", key=_KEY)
                ),
                self._failed,
            )

        self._session.staff.catalogue.ask(lambda catalogue: catalogue.figures(), write)

    def _failed(self, error: LSegDiffError) -> None:
        self._tell(Message(str(error), key=_KEY))

    def _tell(self, message: Message) -> None:
        self._session.message.emit(message)
