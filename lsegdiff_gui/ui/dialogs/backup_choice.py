"""Asked before a project goes back to one of its backups: to which."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QRadioButton, QWidget

from lsegdiff_gui.project.backups import Backup
from lsegdiff_gui.ui.dialogs.frame import DialogFrame

_WIDTH = 460


class BackupChoiceDialog(DialogFrame):
    """`chosen` holds the backup; rejected means that the project stays as it is."""

    def __init__(self, found: Sequence[Backup], parent: QWidget | None = None) -> None:
        """found: newest first, at least one."""
        super().__init__(
            parent,
            title="Go back to a backup",
            text="The project becomes what it was then. The present file is kept beside it, so that nothing is lost.",
            sign="mdi6.backup-restore",
        )
        self.setFixedWidth(_WIDTH)
        self._found = list(found)
        self._choices = [QRadioButton(str(backup)) for backup in found]
        for choice in self._choices:
            self.body.addWidget(choice)
        self._choices[0].setChecked(True)
        self.add_button("Cancel").clicked.connect(self.reject)
        self.add_button("Go back", default=True).clicked.connect(self.accept)
        self._choices[0].setFocus()

    @property
    def chosen(self) -> Backup:
        """The backup to go back to."""
        return next(
            backup for backup, choice in zip(self._found, self._choices, strict=True) if choice.isChecked()
        )
