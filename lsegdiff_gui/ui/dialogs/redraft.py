"""Asked before a picture with work on it is drafted again: under the work, or instead of it?"""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from lsegdiff_gui.ui.dialogs.frame import DialogFrame

_WIDTH = 480


class RedraftDialog(DialogFrame):
    """Accepted with `replaces` true or false; rejected means that nothing is drafted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            parent,
            title="There is work on this picture",
            text="Under your work, the new draft only changes what you have not painted. Replacing takes your "
            "strokes away; Undo brings them back.",
            sign="mdi6.layers-outline",
        )
        self.setFixedWidth(_WIDTH)
        self.replaces = False
        self.add_button("Cancel").clicked.connect(self.reject)
        self.add_button("Replace my work").clicked.connect(self._replace)
        under = self.add_button("Under my work", default=True)
        under.clicked.connect(self.accept)
        under.setFocus()

    def _replace(self) -> None:
        self.replaces = True
        self.accept()
