"""Everything done is handed to the project here, and nothing is called saved before the disk has it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from lsegdiff_gui.annotation.commands import Command
from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.ui.message_bar import Message
from lsegdiff_gui.workers.store import StoreThread

# The message that the disk refuses what was done.
UNSAVED = "unsaved"
_FAULT = "fault of the project"
# The message that a picture cannot be left; it is true as long as something is unsaved.
LEAVING = "leaving"


class Keeping(QObject):
    """Sends steps to the store's thread and follows what became of them.

    Signals:
        told(str): words for the status bar: saving, saved, not saved.
        message(Message): a failure the user has to know of.
        withdrawn(str key): the message of this key is true no more.
    """

    told = Signal(str)
    message = Signal(object)
    withdrawn = Signal(str)

    def __init__(self, store: StoreThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        # For each picture the newest revision that is on its way to the disk.
        self._due: dict[int, int] = {}
        self._told_elsewhere = ""
        store.saved.connect(self._saved)
        store.unsaved_changed.connect(self._unsaved_changed)
        # Shown on the canvas, or with a way out; the store says every failure twice.
        store.load_failed.connect(lambda _picture_id, sentence: self._leave_to_others(sentence))
        store.open_failed.connect(self._leave_to_others)
        store.damaged.connect(lambda _project, sentence: self._leave_to_others(sentence))
        store.refused.connect(self._refused)
        store.failed.connect(self._failed)

    @property
    def unsaved(self) -> int:
        """How many writes the disk has refused so far; they wait and are tried again."""
        return self._store.unsaved

    @property
    def unsaved_words(self) -> str:
        """What is not saved, as a sentence begins: "The last 3 steps are"."""
        return "The last step is" if self.unsaved == 1 else f"The last {self.unsaved} steps are"

    @property
    def is_idle(self) -> bool:
        """Whether every step is on the disk."""
        return not self._due and not self._store.unsaved

    def record(self, picture_id: int, command: Command, revision: int) -> None:
        """Keep a command the document has done."""
        self._send(picture_id, revision)
        self._store.record(picture_id, command, revision)

    def undo(self, picture_id: int, revision: int) -> None:
        """Keep that the document has undone its last command."""
        self._send(picture_id, revision)
        self._store.undo(picture_id, revision)

    def redo(self, picture_id: int, revision: int) -> None:
        """Keep that the document has done a command again."""
        self._send(picture_id, revision)
        self._store.redo(picture_id, revision)

    def place_draft(self, picture_id: int, draft: Draft) -> None:
        """Keep a draft of a picture that is not on the canvas, and make it the base if nobody worked there."""
        self._store.place_draft(picture_id, draft)

    def _send(self, picture_id: int, revision: int) -> None:
        self._due[picture_id] = revision
        self._tell()

    def _saved(self, picture_id: int, revision: int) -> None:
        if self._due.get(picture_id) == revision:
            del self._due[picture_id]
        self._tell()

    def _unsaved_changed(self, count: int) -> None:
        if count == 0:
            self.withdrawn.emit(UNSAVED)
            self.withdrawn.emit(LEAVING)
        self._tell()

    def _refused(self, sentence: str) -> None:
        self._leave_to_others(sentence)
        self.message.emit(
            Message(sentence, action="Save elsewhere…", other_action="Try again", key=UNSAVED, stays=True)
        )

    def _leave_to_others(self, sentence: str) -> None:
        self._told_elsewhere = sentence

    def _failed(self, sentence: str) -> None:
        if sentence == self._told_elsewhere:
            self._told_elsewhere = ""
            return
        self.message.emit(Message(sentence, key=_FAULT))
        self._tell()

    def _tell(self) -> None:
        if self._store.unsaved > 0:
            self.told.emit(f"{self.unsaved_words} not saved yet; trying again")
        else:
            self.told.emit("Saving…" if self._due else "All changes saved")
