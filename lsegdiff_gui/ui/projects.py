"""Projects as the user handles them: begun, opened, named, copied, brought back, and their pictures found again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from lsegdiff_gui import places
from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.imaging.pages import is_there
from lsegdiff_gui.project.backups import Backup, backups
from lsegdiff_gui.project.naming import FILE_NAME, SUFFIX, project_in
from lsegdiff_gui.project.relinking import Search, missing_pictures, search
from lsegdiff_gui.project.store import PictureRow
from lsegdiff_gui.ui.actions import Actions
from lsegdiff_gui.ui.asking import Asking
from lsegdiff_gui.ui.dialogs.backup_choice import BackupChoiceDialog
from lsegdiff_gui.ui.keeping import LEAVING, UNSAVED
from lsegdiff_gui.ui.message_bar import Message, MessageBar
from lsegdiff_gui.ui.preferences import Preferences
from lsegdiff_gui.ui.session import Session
from lsegdiff_gui.workers.store import OpenedProject

_KEY = "project"
_MISSING = "missing"


class Projects(QObject):
    """Asks where projects lie and tells what became of them."""

    def __init__(
        self,
        window: QWidget,
        actions: Actions,
        session: Session,
        asking: Asking,
        preferences: Preferences,
        messages: MessageBar,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._asking = asking
        self._preferences = preferences
        self._messages = messages
        self._store = session.staff.store
        self._wanted: Path | None = None  # the project that was asked for last
        self._is_naming = False
        actions.connect(
            {
                "file.project_new": self.begin,
                "file.project_open": self.open,
                "file.project_save": self.save_as,
                "file.project_copy": self.save_copy,
                "file.backup": self._go_back,
                "file.relink": self.relink,
            }
        )
        asking.project_wanted.connect(self.open_project)
        session.opening.ready.connect(self._opened)
        session.opening.unreadable.connect(self._unreadable)
        session.opening.shown.connect(lambda _shown: messages.withdraw(_MISSING))
        self._store.open_failed.connect(self._refused)
        self._store.damaged.connect(self.tell_damage)
        self._store.set_aside.connect(self._set_aside)
        self._store.copied.connect(self._copied)
        self._store.copy_failed.connect(self._copy_failed)
        session.guarding.damaged.connect(self.tell_damage)
        session.guarding.message.connect(self.show)
        preferences.changed.connect(lambda settings: self._store.set_annotator(settings.annotator))

    # Opening

    def start(self, project: Path | None) -> None:
        """Open a project, or the unnamed one: one that no other window has open."""
        self._store.set_annotator(self._preferences.settings.annotator)
        self._wanted = project or places.unnamed_project()
        self._store.open(self._wanted, numbered=project is None)

    def open_project(self, project: Path) -> None:
        """Open this project in the place of the present one; refused while that has unsaved steps."""

        def go() -> None:
            if not self._session.must_stay():
                self._session.opening.park()
                self._preferences.put(self._preferences.settings.with_recent(project.absolute()))
                self.start(project)

        # What was asked for on the shown picture belongs to this project: it is done first.
        self._session.editing.turns.take(go)

    def begin(self) -> None:
        """In which folder to begin a new project."""

        def chosen(folder: Path) -> None:
            if (project := project_in(folder)) is not None:
                self._tell(f"There is a project in {folder} already: it was opened.", "info")
                self.open_project(project)
            else:
                self.open_project(folder / FILE_NAME)

        self._ask_folder("Choose or make a folder for the new project", "Begin here", chosen)

    def open(self) -> None:
        """Which project to open."""
        dialog = QFileDialog(self._window, "Open a project", str(self._asking.last_folder()))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([f"LSegDiff projects (*{SUFFIX})", "All files (*)"])
        self._asking.show(dialog, lambda: self.open_project(Path(dialog.selectedFiles()[0])))

    def save_as(self) -> None:
        """In which folder the project is to lie from now on."""
        self._ask_folder(
            "Choose or make a folder for the project", "Save here", partial(self._save_in, moves=True)
        )

    def save_copy(self) -> None:
        """Where to write a copy of the project; the work goes on in this one."""
        dialog = QFileDialog(self._window, "Save a copy of the project", str(self._asking.last_folder()))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([f"LSegDiff projects (*{SUFFIX})"])
        dialog.setDefaultSuffix(SUFFIX.removeprefix("."))
        dialog.selectFile(f"copy{SUFFIX}")
        self._asking.show(dialog, lambda: self._store.save_as(Path(dialog.selectedFiles()[0]), moves=False))

    def _save_in(self, folder: Path, *, moves: bool) -> None:
        if (there := project_in(folder)) is not None:
            self._tell(
                f"There is a project in {folder} already ({there.name}). Choose an empty folder.", "warning"
            )
            return
        self._is_naming = moves
        # The unnamed project makes room for other work; whoever looks for it finds it among its backups.
        is_unnamed = self._session.opening.project.parent == places.data_folder()
        self._store.save_as(folder / FILE_NAME, moves=moves, retires=moves and is_unnamed)

    def _opened(self, project: OpenedProject) -> None:
        for key in (_KEY, _MISSING, UNSAVED, LEAVING):
            self._messages.withdraw(key)
        if project.path.name == FILE_NAME:
            self._preferences.put(self._preferences.settings.with_recent(project.path))
        if project.obstacle:
            self._messages.show_message(
                Message(
                    f"{project.obstacle} It is shown here to be read: what you change cannot be saved in it.",
                    "warning",
                    action="Try again",
                    other_action="Save a copy…",
                    key=_KEY,
                    stays=True,
                ),
                lambda: self.start(project.path),
                self.save_copy,
            )

    def _copied(self, target: Path) -> None:
        if self._is_naming:
            self._tell(
                f"The project lies in {target.parent} now. Your pictures were left where they are.", "done"
            )
            self._preferences.put(self._preferences.settings.with_recent(target))
        else:
            self._tell(f"A copy of the project was saved as {target}.", "done")
        self._is_naming = False

    def _copy_failed(self, sentence: str) -> None:
        self._is_naming = False
        self._tell(sentence)

    # What went wrong with one

    def _refused(self, sentence: str) -> None:
        project = self._wanted
        if project is None or self._session.opening.is_open:
            # Another one is open, and stays so.
            self._tell(sentence)
            return
        self._messages.show_message(
            Message(sentence, action="Set it aside and begin anew", key=_KEY),
            lambda: self._begin_anew(project),
        )

    def tell_damage(self, project: Path, sentence: str) -> None:
        """Offer the newest backup of a damaged project."""
        found = backups(project)
        if not found:
            self._messages.show_message(
                Message(
                    f"{sentence} There is no backup of it.", action="Set it aside and begin anew", key=_KEY
                ),
                lambda: self._begin_anew(project),
            )
            return
        self._messages.show_message(
            Message(
                f"{sentence} There is a backup of {found[0]}; the damaged file is kept beside it.",
                action="Go on with the backup" if len(found) == 1 else "Go on with a backup…",
                other_action="Set it aside and begin anew",
                key=_KEY,
                stays=True,
            ),
            lambda: self._restore(project, found[0]) if len(found) == 1 else self._ask_backup(project, found),
            lambda: self._begin_anew(project),
        )

    def _go_back(self) -> None:
        """Take a backup instead of the open project."""
        if not self._session.opening.is_open or self._session.must_stay():
            return
        project = self._session.opening.project
        found = backups(project)
        if found:
            self._ask_backup(project, found)
        else:
            self._tell(
                "There is no backup of this project yet: one is made some seconds after it is opened.", "info"
            )

    def _ask_backup(self, project: Path, found: Sequence[Backup]) -> None:
        dialog = BackupChoiceDialog(found, self._window)
        self._asking.show(dialog, lambda: self._restore(project, dialog.chosen))

    def _restore(self, project: Path, backup: Backup) -> None:
        self._session.opening.park()
        self._store.restore(project, backup)

    def _begin_anew(self, project: Path) -> None:
        self._session.opening.park()
        self._store.begin_anew(project)

    def _set_aside(self, kept: Path) -> None:
        self._tell(f"The earlier project was kept as {kept}.", "info")

    # What cannot be saved

    def show(self, message: Message) -> None:
        """Show a message; to one that tells of unsaved work belong the ways out."""
        if message.key == UNSAVED:
            self._messages.show_message(message, self._save_elsewhere, self._store.retry)
        elif message.key == LEAVING:
            self._messages.show_message(message, self._save_elsewhere, self._give_up)
        else:
            self._messages.show_message(message)

    def _save_elsewhere(self) -> None:
        self._ask_folder(
            "Choose or make a folder where the project can be saved",
            "Save here",
            partial(self._save_in, moves=True),
        )

    def _give_up(self) -> None:
        box = self._question(
            f"{self._session.keeping.unsaved_words} not saved: the disk refuses. If you go on, that work is lost."
        )
        stay = box.addButton("Stay", QMessageBox.ButtonRole.RejectRole)
        leave = box.addButton("Go on and lose it", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(stay)
        box.exec()
        if box.clickedButton() is leave:
            self._store.forget_unsaved()

    def may_close(self) -> bool:
        """Whether the window may close: with unsaved work only if the user says so."""
        if not self._session.keeping.unsaved:
            return True
        box = self._question(
            f"{self._session.keeping.unsaved_words} not saved: the disk refuses. If you close now, that work is lost."
        )
        stay = box.addButton("Stay", QMessageBox.ButtonRole.RejectRole)
        elsewhere = box.addButton("Save elsewhere…", QMessageBox.ButtonRole.ActionRole)
        leave = box.addButton("Close and lose it", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(stay)
        box.exec()
        if box.clickedButton() is elsewhere:
            self._save_elsewhere()
        return box.clickedButton() is leave

    def _question(self, text: str) -> QMessageBox:
        return QMessageBox(QMessageBox.Icon.Warning, "LSegDiff", text, parent=self._window)

    # Pictures that are not where they were

    def relink(self) -> None:
        """In which folder to look for all pictures that are missing."""

        def look(folder: Path) -> None:
            self._tell(f"Looking for missing pictures in {folder}…", "info", _MISSING)
            self._session.staff.catalogue.ask(
                lambda catalogue: catalogue.all(), lambda rows: self._search(rows, folder)
            )

        self._ask_folder("In which folder are the missing pictures?", "Look here", look)

    def _search(self, rows: list[PictureRow], folder: Path) -> None:
        self._session.staff.chores.start(
            lambda is_cancelled: search(missing_pictures(rows), folder, is_cancelled),
            self._searched,
            self._search_failed,
        )

    def _unreadable(self, row: PictureRow, _sentence: str) -> None:
        if is_there(row.path):
            return
        self._messages.show_message(
            Message(
                f"'{row.path.name}' is not in {row.path.parent} any more. Its mask is kept.",
                "warning",
                action="Look for all missing ones…",
                other_action="Where is it?…",
                key=_MISSING,
            ),
            self.relink,
            partial(self._find, row),
        )

    def _find(self, row: PictureRow) -> None:
        dialog = QFileDialog(self._window, f"Where is {row.path.name}?", str(self._asking.last_folder()))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)

        def chosen() -> None:
            path = Path(dialog.selectedFiles()[0])
            self._store.relink({row.id: path})
            self._session.opening.show_again(row.id)

        self._asking.show(dialog, chosen)

    def _searched(self, result: Search) -> None:
        if result.found:
            self._store.relink(result.found)
            current = self._session.opening.current
            if current in result.found:
                self._session.opening.show_again(current)
        words = [_counted(len(result.found), "was found", "were found")]
        if result.missing:
            words.append(_counted(result.missing, "is still missing", "are still missing"))
        sentence = f"Missing pictures: {', '.join(words)}."
        if result.changed:
            names = ", ".join(f"'{path.name}'" for path in result.changed[:3])
            sentence += f" A file of the same name holds another picture: {names}."
        self._tell(sentence, "warning" if result.missing else "done", _MISSING)

    def _search_failed(self, error: LSegDiffError) -> None:
        self._tell(str(error), "error", _MISSING)

    # Inside

    def _ask_folder(self, title: str, accept: str, then: Callable[[Path], None]) -> None:
        dialog = QFileDialog(self._window, title, str(self._asking.last_folder()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, accept)
        self._asking.show(dialog, lambda: then(Path(dialog.selectedFiles()[0])))

    def _tell(self, sentence: str, kind: str = "error", key: str = _KEY) -> None:
        self._messages.show_message(Message(sentence, kind, key=key))  # type: ignore[arg-type]


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
