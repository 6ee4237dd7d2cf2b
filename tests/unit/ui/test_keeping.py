"""Words for the status bar, and failures for the bar above the canvas."""

import pytest
from PySide6.QtCore import QObject, Signal

from lsegdiff_gui.annotation.commands import StatusChange
from lsegdiff_gui.annotation.document import Status
from lsegdiff_gui.ui.keeping import LEAVING, Keeping
from lsegdiff_gui.ui.message_bar import Message

DONE = StatusChange(Status.NEW, Status.DONE)


class MadeStore(QObject):
    """The store's thread, said by the test."""

    saved = Signal(int, int)
    unsaved_changed = Signal(int)
    load_failed = Signal(int, str)
    open_failed = Signal(str)
    damaged = Signal(object, str)
    refused = Signal(str)
    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.unsaved = 0

    def record(self, *_: object) -> None: ...

    def refuse(self, count: int, sentence: str) -> None:
        """As the thread does it: first the sentence, then the count."""
        self.refused.emit(sentence)
        self.failed.emit(sentence)
        self.unsaved = count
        self.unsaved_changed.emit(count)


@pytest.fixture
def store(qapp: object) -> MadeStore:
    return MadeStore()


@pytest.fixture
def keeping(store: MadeStore) -> Keeping:
    return Keeping(store)  # type: ignore[arg-type]


def test_that_saved_is_said_when_the_newest_step_is_on_the_disk(keeping: Keeping, store: MadeStore) -> None:
    told: list[str] = []
    keeping.told.connect(told.append)
    keeping.record(1, DONE, 1)
    keeping.record(1, DONE, 2)
    store.saved.emit(1, 1)
    assert told[-1] == "Saving…"
    assert not keeping.is_idle
    store.saved.emit(1, 2)
    assert told[-1] == "All changes saved"
    assert keeping.is_idle


def test_that_a_refusal_is_a_message_until_the_disk_takes_it(keeping: Keeping, store: MadeStore) -> None:
    messages: list[Message] = []
    withdrawn: list[str] = []
    told: list[str] = []
    keeping.message.connect(messages.append)
    keeping.withdrawn.connect(withdrawn.append)
    keeping.told.connect(told.append)
    keeping.record(1, DONE, 1)
    store.refuse(1, "The disk is full.")
    assert [message.sentence for message in messages] == ["The disk is full."]
    assert told[-1] == "The last step is not saved yet; trying again"
    store.refuse(2, "The disk is full.")
    assert told[-1] == "The last 2 steps are not saved yet; trying again"
    assert withdrawn == []
    store.unsaved = 0
    store.saved.emit(1, 1)
    store.unsaved_changed.emit(0)
    assert withdrawn == [messages[0].key, LEAVING]
    assert keeping.is_idle


def test_that_failures_shown_elsewhere_are_not_said_twice(keeping: Keeping, store: MadeStore) -> None:
    messages: list[Message] = []
    keeping.message.connect(messages.append)
    store.load_failed.emit(1, "Another size.")
    store.failed.emit("Another size.")
    store.open_failed.emit("No project.")
    store.failed.emit("No project.")
    assert messages == []
    store.failed.emit("Another size.")
    assert len(messages) == 1
