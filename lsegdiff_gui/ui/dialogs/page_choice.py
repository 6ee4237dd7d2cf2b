"""Asked when opened files hold several pictures: all of them, the first ones, or which?"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QRadioButton, QWidget

from lsegdiff_gui.imaging.pages import parse_pages, with_pages
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.dialogs.frame import DialogFrame, label
from lsegdiff_gui.workers.files import Found

_WIDTH = 480
_LINES = 6  # of files that are seen without scrolling
_NO_NUMBERS = "Write numbers of pages, such as 1, 3-5."


class PageChoiceDialog(DialogFrame):
    """`chosen` holds the pictures to be opened; rejected means none at all."""

    def __init__(self, found: Found, parent: QWidget | None = None) -> None:
        super().__init__(
            parent,
            title=_title(found),
            text="Which of them do you want to open?",
            sign="mdi6.file-multiple-outline",
        )
        self.setFixedWidth(_WIDTH)
        self._found = found
        if len(found.pages) > 1:
            self.body.addWidget(_list(found))
        self._all = QRadioButton(f"All {sum(found.pages.values())} pages")
        self._first = QRadioButton("Only the first page" + (" of each" if len(found.pages) > 1 else ""))
        self._some = QRadioButton("These pages:")
        self._numbers = QLineEdit()
        self._numbers.setAccessibleName("Numbers of pages")
        self._numbers.setPlaceholderText("1, 3-5")
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self._some)
        row.addWidget(self._numbers, 1)
        self._words = label("", "muted")
        self.body.addWidget(self._all)
        self.body.addWidget(self._first)
        self.body.addLayout(row)
        self.body.addWidget(self._words)
        self.add_button("Cancel").clicked.connect(self.reject)
        self._accept = self.add_button("Open", default=True)
        self._accept.clicked.connect(self.accept)
        self._all.setChecked(True)
        self._all.setFocus()
        self._numbers.textEdited.connect(lambda _text: self._some.setChecked(True))
        self._numbers.textChanged.connect(self._update)
        for choice in (self._all, self._first, self._some):
            choice.toggled.connect(self._update)
        self._update()

    @property
    def chosen(self) -> list[Path]:
        """The pictures to be opened, in the order of their files."""
        pages = self._found.pages
        if self._first.isChecked():
            # By its name as a page, so that it is the same picture when the others are opened later.
            return with_pages(self._found.paths, dict.fromkeys(pages, (1,)))
        if self._all.isChecked():
            return with_pages(self._found.paths, {path: range(1, count + 1) for path, count in pages.items()})
        numbers = parse_pages(self._numbers.text()) or frozenset()
        return with_pages(
            self._found.paths,
            {
                path: [page for page in range(1, count + 1) if page in numbers]
                for path, count in pages.items()
            },
        )

    def _update(self) -> None:
        count = len(self.chosen)
        self._accept.setEnabled(count > 0)
        self._accept.setText(f"Open {count} {'picture' if count == 1 else 'pictures'}" if count else "Open")
        is_wrong = self._some.isChecked() and parse_pages(self._numbers.text()) is None
        others = len(self._found.paths) - len(self._found.pages)
        if is_wrong:
            self._words.setText(_NO_NUMBERS)
        elif self._some.isChecked() and not count:
            self._words.setText("No file has such a page.")
        elif others:
            self._words.setText(
                f"{others} {'file' if others == 1 else 'files'} of one picture will be opened too."
            )
        else:
            self._words.setText("Each page is a picture of its own, with its own mask.")


def _title(found: Found) -> str:
    if len(found.pages) > 1:
        return f"{len(found.pages)} files hold several pictures"
    ((path, count),) = found.pages.items()
    return f"“{path.name}” holds {count} pictures"


def _list(found: Found) -> QListWidget:
    files = QListWidget()
    files.setAccessibleName("Files of several pictures")
    files.addItems([f"{path.name}   –   {count} pages" for path, count in found.pages.items()])
    files.setFixedHeight(
        files.sizeHintForRow(0) * min(_LINES, len(found.pages)) + 2 * files.frameWidth() + theme.GAP
    )
    return files
