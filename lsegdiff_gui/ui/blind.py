"""Drawing first and seeing the draft then: the draft is made and kept, but shown when it is asked for."""

from __future__ import annotations

from PySide6.QtCore import QObject

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.ui.canvas.comparison import Compare
from lsegdiff_gui.ui.message_bar import Message
from lsegdiff_gui.ui.panels.display_panel import DisplayPanel
from lsegdiff_gui.ui.session import Session
from lsegdiff_gui.ui.showing import Showing

_KEY = "blind"


class Blind(QObject):
    """Reveals a hidden draft as what the mask is compared with; the mask itself stays as it was drawn."""

    def __init__(self, session: Session, showing: Showing, display: DisplayPanel) -> None:
        super().__init__(showing)
        self._session = session
        self._showing = showing
        self._display = display
        session.staff.store.revealed.connect(self._revealed)

    @property
    def is_hiding(self) -> bool:
        """Whether the shown picture has a draft that nobody has seen."""
        row = self._session.opening.row(self._session.opening.current)
        return row is not None and row.has_draft and self._session.hides(row.id) and self._base_is_bare

    def reveal(self) -> None:
        """Show the hidden draft beside the mask, and have the project remember when that was."""
        if self.is_hiding:
            self._session.staff.store.reveal(self._session.opening.current)
        else:
            self._session.message.emit(
                Message("This picture has no draft that is kept out of sight.", "info", key=_KEY)
            )

    @property
    def _base_is_bare(self) -> bool:
        document = self._session.editing.document
        return document is not None and document.base.draft is None

    def _revealed(self, picture_id: int, draft: Draft | None) -> None:
        document = self._session.editing.document
        if draft is None or document is None or picture_id != self._session.editing.picture_id:
            return
        width, height = document.width, document.height
        self._session.staff.chores.start(
            lambda _is_cancelled: Base.of_draft(draft).foreground(Recipe(), width, height),
            lambda mask: self._show(picture_id, mask),
            self._failed,
        )

    def _show(self, picture_id: int, mask: object) -> None:
        if picture_id == self._session.editing.picture_id:
            self._showing.compare_with(mask)  # type: ignore[arg-type]
            if self._display.overlay.compare is not Compare.DIFFERENCE:
                self._display.toggle_comparison(Compare.DIFFERENCE)
            sentence = "The draft is shown beside your mask, which stays as you drew it."
            self._session.message.emit(Message(sentence, "info", key=_KEY))

    def _failed(self, error: LSegDiffError) -> None:
        self._session.message.emit(Message(str(error), key=_KEY))
