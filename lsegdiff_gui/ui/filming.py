"""Saving the film of the shown draft."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.ui.asking import Asking
from lsegdiff_gui.ui.film_file import write_film
from lsegdiff_gui.ui.message_bar import Message
from lsegdiff_gui.ui.session import Session

_KEY = "film"


class Filming(QObject):
    """Asks where, and writes it off the GUI thread."""

    def __init__(self, window: QWidget, session: Session, asking: Asking) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._asking = asking

    def ask_file(self) -> None:
        """Ask for the file of the shown draft's film."""
        shown, document = self._session.shown, self._session.editing.document
        if shown is None or document is None or document.base.draft is None:
            self._say(
                Message("This picture has no draft, and so no film. Press R to draft it.", "info", key=_KEY)
            )
            return
        draft, rgb8 = document.base.draft, shown.loaded.picture.rgb8
        dialog = QFileDialog(self._window, "Save the film", str(self._asking.last_folder()))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(["Strip of pictures (*.png)", "Moving picture (*.gif)"])
        dialog.setDefaultSuffix("png")
        dialog.filterSelected.connect(
            lambda words: dialog.setDefaultSuffix("gif" if "gif" in words else "png")
        )
        dialog.selectFile(f"{shown.row.path.stem}_film.png")

        def chosen() -> None:
            path = Path(dialog.selectedFiles()[0])
            self._session.staff.chores.start(
                lambda _is_cancelled: write_film(path, rgb8, draft.film),
                lambda _none: self._say(Message(f"The film is in {path}.", "done", key=_KEY)),
                self._failed,
            )

        self._asking.show(dialog, chosen)

    def _failed(self, error: LSegDiffError) -> None:
        self._say(Message(str(error), key=_KEY))

    def _say(self, message: Message) -> None:
        self._session.message.emit(message)
