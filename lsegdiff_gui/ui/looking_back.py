"""The history of the shown picture and the origin of its mask: asked for, shown, brought back, written to files."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from lsegdiff_gui.annotation.labels import NONE, Labels
from lsegdiff_gui.annotation.origin import MaskOrigin
from lsegdiff_gui.annotation.steps import EarlierState
from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.formats.names import file_names
from lsegdiff_gui.formats.origins import as_csv, as_json
from lsegdiff_gui.imaging.write import write_atomically
from lsegdiff_gui.project.catalogue import Catalogue
from lsegdiff_gui.project.past import Past
from lsegdiff_gui.project.store import Store
from lsegdiff_gui.ui.actions import Actions
from lsegdiff_gui.ui.asking import Asking
from lsegdiff_gui.ui.dialogs.history import HistoryDialog
from lsegdiff_gui.ui.dialogs.origin import OriginDialog
from lsegdiff_gui.ui.message_bar import Message
from lsegdiff_gui.ui.opening import Shown
from lsegdiff_gui.ui.session import Session

U8 = npt.NDArray[np.uint8]

PREVIEW_SIDE = 480
"""Pixels of a preview's longer side, about."""

_OPACITY = 0.5


class LookingBack(QObject):
    """Opens the dialogs and does what they ask for; reads on the thread for chores."""

    def __init__(
        self,
        window: QWidget,
        actions: Actions,
        session: Session,
        asking: Asking,
        finish: Callable[[], object],
    ) -> None:
        """finish: ends an open stroke."""
        super().__init__(window)
        self._window = window
        self._session = session
        self._asking = asking
        self._finish = finish
        self._chores = session.staff.chores
        self._past: Past | None = None
        self._token = 0
        actions.connect({"picture.history": self.history, "picture.origin": self.origin})
        session.staff.store.origin_ready.connect(self._origin_ready)

    def history(self) -> None:
        """Show the steps of the shown picture."""
        self._finish()
        shown = self._session.shown
        if shown is None or self._session.must_stay():
            return
        project = self._session.opening.project
        document, number = shown.document, shown.row.id

        def read(_: object) -> Past:
            return Past.of(project, number, document.width, document.height)

        # Behind all that was done: the store answers in order.
        self._when_saved(
            lambda: self._chores.start(read, lambda past: self._show_history(shown, past), self._failed)
        )

    def origin(self) -> None:
        """Show where the shown picture's mask comes from."""
        self._finish()
        if self._session.shown is not None:
            self._session.staff.store.origin(self._session.shown.row.id)

    # The history

    def _when_saved(self, act: Callable[[], object]) -> None:
        keeping = self._session.keeping
        if keeping.is_idle:
            act()
            return

        def told(_words: str) -> None:
            if keeping.is_idle:
                keeping.told.disconnect(told)
                act()

        keeping.told.connect(told)

    def _show_history(self, shown: Shown, past: Past) -> None:
        if self._session.shown is not shown:
            return
        self._past = past
        dialog = HistoryDialog(shown.row.path.name, past.steps, self._window)
        dialog.wanted.connect(lambda place: self._preview(dialog, shown, past, place))
        self._asking.show(dialog, lambda: self._bring_back(shown, past, dialog.place))
        self._preview(dialog, shown, past, dialog.place)

    def _preview(self, dialog: HistoryDialog, shown: Shown, past: Past, place: int) -> None:
        # Only the newest is of interest.
        self._chores.cancel(self._token)
        pixels = shown.loaded.picture.rgb8

        def read(_: object) -> U8:
            document = past.after(place)
            return seen_over(pixels, document.final, document.labels)

        def show(seen: U8) -> None:
            if self._asking.dialog is dialog:
                dialog.show_state(place, seen)

        def tell(error: LSegDiffError) -> None:
            if self._asking.dialog is dialog:
                dialog.tell(str(error))

        self._token = self._chores.start(read, show, tell)

    def _bring_back(self, shown: Shown, past: Past, place: int) -> None:
        def bring(state: EarlierState) -> None:
            if self._session.shown is shown:
                self._session.editing.bring_back(state)

        self._chores.start(lambda _: EarlierState.of(past.after(place)), bring, self._failed)

    # The origin

    def _origin_ready(self, picture_id: int, origin: MaskOrigin) -> None:
        if self._session.shown is None or self._session.shown.row.id != picture_id:
            return
        dialog = OriginDialog(origin, self._window)
        wanted: list[bool] = []

        def close(everything: bool) -> None:
            wanted.append(everything)
            dialog.accept()

        dialog.file_wanted.connect(close)
        # Only then, for one dialog is open at a time.
        self._asking.show(dialog, lambda: self._ask_file(wanted[0]) if wanted else None)

    def _ask_file(self, everything: bool) -> None:
        suffix = "json" if everything else "csv"
        dialog = QFileDialog(self._window, "Save where the masks come from", str(self._asking.last_folder()))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([f"JSON (*.{suffix})" if everything else f"Tables (*.{suffix})"])
        dialog.setDefaultSuffix(suffix)
        dialog.selectFile(f"origins.{suffix}")
        self._asking.show(dialog, lambda: self._write(Path(dialog.selectedFiles()[0]), everything=everything))

    def _write(self, path: Path, *, everything: bool) -> None:
        project = self._session.opening.project

        def write(is_cancelled: Callable[[], bool]) -> int:
            origins = []
            with closing(Catalogue(project)) as catalogue:
                rows = catalogue.all()
            # The file tells nothing of this computer's folders.
            names = file_names([row.path for row in rows])
            with Store.open_to_read(project, "Only read.") as store:
                for row in rows:
                    if is_cancelled():
                        return 0
                    origins.append(replace(store.origin(row.id), picture=names[row.path]))
            write_atomically(path, as_json(origins) if everything else as_csv(origins))
            return len(origins)

        def written(count: int) -> None:
            masks = "one mask" if count == 1 else f"{count} masks"
            self._session.message.emit(
                Message(f"Where {masks} come from was written to {path}.", "done", key="origins")
            )

        self._chores.start(write, written, self._failed)

    def _failed(self, error: LSegDiffError) -> None:
        self._session.message.emit(Message(str(error), key="history"))


def seen_over(pixels: U8, final: U8, labels: Labels) -> U8:
    """A small picture with its mask over it: (h, w, 3) uint8. pixels: (H, W, 3), final: (H, W), uint8."""
    step = max(1, -(-max(final.shape) // PREVIEW_SIDE))
    small = pixels[::step, ::step].astype(np.float32)
    mask = final[::step, ::step]
    for each in labels:
        if each.visible:
            colour = np.array([int(each.colour[place : place + 2], 16) for place in (1, 3, 5)], np.float32)
            inside = mask == each.id
            small[inside] += _OPACITY * (colour - small[inside])
    nameless = (mask != NONE) & ~np.isin(mask, [each.id for each in labels])
    small[nameless] += _OPACITY * (128 - small[nameless])
    seen: U8 = small.round().astype(np.uint8)
    return seen
