"""The questions the window asks: files, the model, where a draft goes, exports, settings. None of them blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QWidget

from lsegdiff_gui.annotation.outgoing import Meaning
from lsegdiff_gui.formats.losses import polygon_loss
from lsegdiff_gui.formats.polygons import Loss
from lsegdiff_gui.formats.request import ExportRequest
from lsegdiff_gui.imaging.kinds import PICTURE_SUFFIXES
from lsegdiff_gui.project.naming import project_in
from lsegdiff_gui.project.outgoing import exported_mask
from lsegdiff_gui.project.store import PictureRow
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.action_table import Scope
from lsegdiff_gui.ui.actions import Actions
from lsegdiff_gui.ui.command_search import Command
from lsegdiff_gui.ui.dialogs.export import ExportDialog
from lsegdiff_gui.ui.dialogs.import_masks import ImportDialog
from lsegdiff_gui.ui.dialogs.key_editor import KeyEditorDialog
from lsegdiff_gui.ui.dialogs.key_sheet import GESTURES, KeyRow, KeySheetDialog
from lsegdiff_gui.ui.dialogs.model_choice import ModelChoiceDialog
from lsegdiff_gui.ui.dialogs.page_choice import PageChoiceDialog
from lsegdiff_gui.ui.dialogs.palette import PaletteDialog
from lsegdiff_gui.ui.dialogs.redraft import RedraftDialog
from lsegdiff_gui.ui.dialogs.settings_dialog import SettingsDialog
from lsegdiff_gui.ui.keymap import KeyMap
from lsegdiff_gui.ui.panels.draft_panel import DraftPanel
from lsegdiff_gui.ui.preferences import Preferences
from lsegdiff_gui.ui.session import Session
from lsegdiff_gui.ui.settings import Settings
from lsegdiff_gui.workers.files import Found

# Why a command of a scope cannot be given.
_OBSTACLES = {
    Scope.ALWAYS: "This is not possible now",
    Scope.LIST: "No picture is listed yet",
    Scope.PICTURE: "No picture is open",
    Scope.STATE: "There is nothing to do this with now",
}


class Asking(QObject):
    """Opens dialogs over the window and hands the answers on. One dialog at a time.

    Signals: project_wanted(Path) where what was to be opened is a project.
    """

    project_wanted = Signal(object)

    def __init__(
        self, window: QWidget, session: Session, preferences: Preferences, draft_panel: DraftPanel
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._preferences = preferences
        self._dialog: QDialog | None = None
        session.choosing.wanted.connect(self.model)
        session.opening.pages_wanted.connect(self.pages)
        draft_panel.other_model_wanted.connect(self.weights_file)

    @property
    def dialog(self) -> QDialog | None:
        """The open dialog."""
        return self._dialog

    def close(self) -> None:
        """Close the open dialog, because the window closes."""
        if self._dialog is not None:
            self._dialog.close()

    def pictures(self) -> None:
        """Which picture files to open."""
        patterns = " ".join(f"*{suffix}" for suffix in sorted(PICTURE_SUFFIXES))
        dialog = QFileDialog(self._window, "Open pictures", str(self.last_folder()))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([f"Pictures ({patterns})", "All files (*)"])
        self._open(dialog, lambda: self.open_paths([Path(name) for name in dialog.selectedFiles()]))

    def folder(self) -> None:
        """Which folder of pictures to open."""
        dialog = QFileDialog(self._window, "Open a folder of pictures", str(self.last_folder()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        self._open(dialog, lambda: self.open_paths([Path(name) for name in dialog.selectedFiles()]))

    def open_paths(self, paths: list[Path]) -> None:
        """Open files and folders, and remember them as recent; the first project among them, if there is one."""
        if (project := next(filter(None, map(project_in, paths)), None)) is not None:
            self.project_wanted.emit(project)
            return
        settings = self._preferences.settings
        for path in reversed(paths[:3]):
            settings = settings.with_recent(path.absolute())
        self._preferences.put(settings)
        self._session.open_paths(paths)

    def pages(self, found: Found) -> None:
        """Which pages of files that hold several."""
        opening = self._session.opening
        dialog = PageChoiceDialog(found, self._window)
        if self._dialog is not None:
            # Another question is open: all that was asked for comes, rather than nothing.
            opening.add(dialog.chosen)
            dialog.deleteLater()
            return
        dialog.rejected.connect(opening.dismiss)
        self._open(dialog, lambda: opening.add(dialog.chosen))

    def model(self, guess: str) -> None:
        """What the pictures show."""
        dialog = ModelChoiceDialog(self._window, guess=guess)
        dialog.rejected.connect(self._session.choosing.dismiss)
        # The guess is made on another thread and may come after the question.
        self._session.choosing.guess_improved.connect(dialog.suggest)
        self._open(dialog, lambda: self._session.choosing.choose(dialog.choice or ""))

    def weights_file(self) -> None:
        """Which weights file to draft with."""
        dialog = QFileDialog(self._window, "Choose a weights file", str(self.last_folder()))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(["Weights (*.safetensors)", "All files (*)"])
        self._open(dialog, lambda: self._session.choosing.choose(dialog.selectedFiles()[0]))

    def replaces(self, then: Callable[[bool], None]) -> None:
        """Whether a new draft goes under the work or replaces it."""
        document = self._session.editing.document
        imported_from = None
        if document is not None and document.base.kind == "imported":
            imported_from = document.base.origin.file if document.base.origin is not None else ""
        dialog = RedraftDialog(self._window, imported_from=imported_from)
        self._open(dialog, lambda: then(dialog.replaces))

    def export(self) -> None:
        """What to export, and how it goes; the list of what there is comes from its own thread."""
        self._session.staff.catalogue.ask(lambda catalogue: catalogue.all(), self._export)

    def _export(self, rows: list[PictureRow]) -> None:
        session = self._session
        current = session.opening.current
        row = session.opening.row(current)
        folder = row.path.parent / "masks" if row is not None else self.last_folder() / "masks"
        exporting, document = session.exporting, session.editing.document

        def measure(request: ExportRequest) -> Loss:
            assert document is not None and row is not None
            meaning = Meaning.of(document.labels, document.partition)
            return polygon_loss(row.path.name, exported_mask(document), meaning, request)

        dialog = ExportDialog(
            rows,
            None if session.shown is None else current,
            folder,
            self._window,
            background=exporting.in_background,
            measure=None if document is None or row is None else measure,
        )
        dialog.finished.connect(lambda _result: exporting.forget())
        dialog.requested.connect(lambda rows, request: exporting.start(request, rows))
        dialog.cancel_requested.connect(exporting.cancel)
        exporting.progressed.connect(dialog.show_progress)
        exporting.finished.connect(dialog.show_report)
        exporting.failed.connect(dialog.show_failure)
        self._open(dialog, lambda: None)

    def import_masks(self, paths: Sequence[Path] = ()) -> None:
        """Which masks to import, and how it goes. paths: files to look at at once."""
        importing = self._session.importing
        dialog = ImportDialog(self.last_folder(), self._window)
        dialog.plan_wanted.connect(importing.plan)
        dialog.requested.connect(
            lambda plan, choices: importing.start(plan, choices, self._preferences.settings.annotator)
        )
        dialog.cancel_requested.connect(importing.cancel)
        dialog.finished.connect(lambda _result: importing.cancel_plan())
        importing.looked.connect(dialog.show_looking)
        importing.planned.connect(dialog.show_plan)
        importing.progressed.connect(dialog.show_progress)
        importing.finished.connect(dialog.show_report)
        importing.failed.connect(dialog.show_failure)
        self._open(dialog, lambda: None)
        if paths and self._dialog is dialog:
            dialog.read(paths)

    def settings(self) -> None:
        """Settings for all projects."""
        dialog = SettingsDialog(self._preferences.settings, self._window)
        dialog.previewed.connect(_preview_theme)
        self._open(dialog, lambda: self._preferences.put(dialog.settings))

    def keys(self, actions: Actions) -> None:
        """Every key."""
        keymap = self.keymap(actions)
        rows = [KeyRow(spec.section, spec.name, keymap.keys(spec.id), spec.help) for spec in keymap.specs]
        dialog = KeySheetDialog([*rows, *GESTURES], self._window)
        self._open(dialog, lambda: self.change_keys(actions))

    def change_keys(self, actions: Actions) -> None:
        """Which keys commands have."""
        dialog = KeyEditorDialog(self.keymap(actions), self._window)
        self._open(dialog, lambda: self._preferences.change(keys=dialog.keymap.chosen))

    def commands(self, actions: Actions) -> None:
        """Which command to give, of all."""
        keymap = self.keymap(actions)
        listed = [
            Command(
                spec.id,
                spec.name,
                spec.section,
                spec.help,
                keymap.keys(spec.id),
                "" if actions[spec.id].isEnabled() else _OBSTACLES[spec.scope],
            )
            for spec in keymap.specs
            if spec.id != "help.commands"
        ]
        dialog = PaletteDialog(listed, self._preferences.settings.recent_commands, self._window)
        self._open(dialog, lambda: self._give(actions, dialog.chosen))

    def keymap(self, actions: Actions) -> KeyMap:
        """The keys of the commands as the settings have them."""
        return KeyMap(tuple(actions.specs.values()), self._preferences.settings.keys)

    def _give(self, actions: Actions, action_id: str | None) -> None:
        if action_id is not None:
            self._preferences.put(self._preferences.settings.with_command(action_id))
            actions[action_id].trigger()

    def show(self, dialog: QDialog, then: Callable[[], None]) -> None:
        """Open a dialog made elsewhere; `then` is called when it is accepted."""
        self._open(dialog, then)

    def _open(self, dialog: QDialog, then: Callable[[], None]) -> None:
        if self._dialog is not None:
            # A key that was pressed twice asks once.
            dialog.deleteLater()
            return
        self._dialog = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def closed(result: int) -> None:
            # First, for what is done next may open a dialog of its own.
            self._dialog = None
            if result == QDialog.DialogCode.Accepted:
                then()

        dialog.finished.connect(closed)
        dialog.open()

    def last_folder(self) -> Path:
        """Where something was opened last."""
        for text in self._preferences.settings.recent:
            path = Path(text)
            folder = path if path.is_dir() else path.parent
            if folder.is_dir():
                return folder
        return Path(
            QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation) or Path.home()
        )


def _preview_theme(settings: Settings) -> None:
    app = QApplication.instance()
    if isinstance(app, QApplication):
        theme.apply(app, cast(theme.Scheme, settings.theme))
