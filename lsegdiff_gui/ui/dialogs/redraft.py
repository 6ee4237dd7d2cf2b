"""Asked before a picture with work on it is drafted again: under the work, or instead of it?"""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from lsegdiff_gui.ui.dialogs.frame import DialogFrame

_WIDTH = 480


class RedraftDialog(DialogFrame):
    """Accepted with `replaces` true or false; rejected means that nothing is drafted."""

    def __init__(self, parent: QWidget | None = None, *, imported_from: str | None = None) -> None:
        """imported_from: the file that the mask under the work comes from, "" for one unknown; None for no file."""
        is_imported = imported_from is not None
        super().__init__(
            parent,
            title="This mask was imported" if is_imported else "There is work on this picture",
            text=_imported_words(imported_from)
            if imported_from is not None
            else "Under your work, the new draft only changes what you have not painted. Replacing takes your "
            "strokes away; Undo brings them back.",
            sign="mdi6.layers-outline",
        )
        self.setFixedWidth(_WIDTH)
        self.replaces = False
        cancel = self.add_button("Cancel", default=is_imported)
        cancel.clicked.connect(self.reject)
        self.add_button("Replace all" if is_imported else "Replace my work").clicked.connect(self._replace)
        under = self.add_button(
            "Draft under my strokes" if is_imported else "Under my work", default=not is_imported
        )
        under.clicked.connect(self.accept)
        (cancel if is_imported else under).setFocus()

    def _replace(self) -> None:
        self.replaces = True
        self.accept()


def _imported_words(file: str) -> str:
    source = f" comes from “{file}” and" if file else ""
    return (
        f"The mask{source} would give way to the draft; what you have painted above it stays, or goes too. Undo "
        "brings all of it back."
    )
