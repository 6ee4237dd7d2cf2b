"""Earlier states of one picture's mask, as its project has them."""

from __future__ import annotations

from pathlib import Path

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.origin import Steps
from lsegdiff_gui.project.store import Store


class Past:
    """Goes to and fro in a document of its own. For one thread."""

    def __init__(self, document: Document, steps: Steps) -> None:
        """Use `Past.of`."""
        self._document = document
        self.steps = steps

    @classmethod
    def of(cls, project: Path, picture_id: int, width: int, height: int) -> Past:
        """The past of the upright picture of this size. Raises ProjectError."""
        with Store.open_to_read(project, "The past cannot be changed.") as store:
            return cls(store.load_document(picture_id, width, height), store.steps(picture_id))

    def after(self, place: int) -> Document:
        """The document after that many of its steps, its base mask exact; it is moved by the next call."""
        while self._document.history.cursor > place and self._document.undo() is not None:
            pass
        while self._document.history.cursor < place and self._document.redo() is not None:
            pass
        if self._document.needs_base:
            self._document.rebuild_base()
        return self._document
