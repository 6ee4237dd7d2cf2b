"""Imports: has files read and planned in the background, and what was chosen carried out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, Qt, Signal, Slot

from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.formats.import_plan import Choices, ImportPlan
from lsegdiff_gui.formats.importing import ImportReport
from lsegdiff_gui.formats.json_pieces import Cancelled
from lsegdiff_gui.ui.batch import Batch
from lsegdiff_gui.ui.drafting import Drafting
from lsegdiff_gui.ui.editing import Editing
from lsegdiff_gui.ui.keeping import Keeping
from lsegdiff_gui.ui.opening import Opening
from lsegdiff_gui.workers.chores import Chores, IsCancelled
from lsegdiff_gui.workers.imports import carried_out, planned
from lsegdiff_gui.workers.store import StoreThread


class Importing(QObject):
    """One import at a time.

    Signals:
        looked(float share, str name): how far the files are read, and which one it is at.
        planned(ImportPlan): they are.
        progressed(int done, int of): pictures that have their masks.
        finished(ImportReport)
        failed(str sentence): what was asked for as a whole was not possible.
    """

    looked = Signal(float, str)
    planned = Signal(object)
    progressed = Signal(int, int)
    finished = Signal(object)
    failed = Signal(str)

    # Emitted on the thread that works; told on this one.
    _looks = Signal(float, str)
    _advances = Signal(int, int)

    def __init__(
        self,
        chores: Chores,
        store: StoreThread,
        opening: Opening,
        editing: Editing,
        keeping: Keeping,
        drafting: Drafting,
        batch: Batch,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._chores = chores
        self._store = store
        self._opening = opening
        self._editing = editing
        self._keeping = keeping
        self._drafting = drafting
        self._batch = batch
        self._token = 0
        self._stopped = Event()
        self._parked = -1
        self._looks.connect(self._told, Qt.ConnectionType.QueuedConnection)
        self._advances.connect(self._advanced, Qt.ConnectionType.QueuedConnection)

    def plan(self, paths: Sequence[Path], root: Path | None) -> None:
        """Read files and folders; a plan that is being made is dropped for the new one."""
        self.cancel_plan()
        project, chosen = self._opening.project, list(paths)
        stopped = self._stopped = Event()

        def look(is_cancelled: IsCancelled) -> ImportPlan:
            def told(share: float, name: str) -> bool:
                self._looks.emit(share, name)
                return not (is_cancelled() or stopped.is_set())

            return planned(project, chosen, root, told)

        self._token = self._chores.start(look, self.planned.emit, self._refuse)

    def cancel_plan(self) -> None:
        """Nobody wants the plan any more that is being made."""
        self._stopped.set()
        self._chores.cancel(self._token)

    def start(self, made: ImportPlan, choices: Choices, annotator: str) -> None:
        """Carry a plan out. The shown picture is set aside meanwhile, and comes back with what it got."""
        if obstacle := self._obstacle():
            self.failed.emit(obstacle)
            return
        self._parked = self._opening.current
        self._opening.park()
        stopped = self._stopped = Event()

        def work(is_cancelled: IsCancelled) -> ImportReport:
            return carried_out(
                self._store,
                made,
                choices,
                annotator,
                self._advances.emit,
                lambda: is_cancelled() or stopped.is_set(),
            )

        self._token = self._chores.start(work, self._done, self._broke_off)

    def cancel(self) -> None:
        """Stop after the picture that is at work; what was imported stays."""
        self._stopped.set()

    def _obstacle(self) -> str:
        """Why an import cannot begin now, or ""."""
        if self._batch.is_running or self._drafting.progress_of(self._opening.current) is not None:
            return "A draft is being made: stop it, or wait for it, before masks are imported."
        if self._editing.turns.is_busy or not self._keeping.is_idle:
            return "The last steps are not saved yet: wait a moment and try again."
        return ""

    def _done(self, report: ImportReport) -> None:
        self._come_back(
            [line.picture.path for line in report.written if line.picture and not line.picture.id]
        )
        self.finished.emit(report)

    def _broke_off(self, problem: LSegDiffError) -> None:
        self._come_back([])
        self.failed.emit(str(problem))

    def _come_back(self, added: Sequence[Path]) -> None:
        if added:
            self._opening.add(added)
        elif self._parked >= 0:
            self._opening.show(self._parked)
        self._parked = -1

    def _refuse(self, problem: LSegDiffError) -> None:
        if not isinstance(problem, Cancelled):
            self.failed.emit(str(problem))

    @Slot(float, str)
    def _told(self, share: float, name: str) -> None:
        if not self._stopped.is_set():
            self.looked.emit(share, name)

    @Slot(int, int)
    def _advanced(self, done: int, of: int) -> None:
        self.progressed.emit(done, of)
