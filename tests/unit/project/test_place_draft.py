"""A draft of a picture that is not on the screen: the base where nobody worked, only kept elsewhere."""

import pytest
from made.drafts import draft

from lsegdiff_gui.annotation.commands import StatusChange
from lsegdiff_gui.annotation.document import Document, Status
from lsegdiff_gui.annotation.findings import Findings
from lsegdiff_gui.annotation.stroke import Stroke
from lsegdiff_gui.project.store import Store

SIZE = (64, 48)


@pytest.fixture
def seen(store: Store, picture_id: int) -> int:
    """The picture, read once."""
    store.set_identity(picture_id, "ab" * 32, *SIZE)
    return picture_id


def painted(document: Document) -> object:
    stroke = Stroke(document, label=1, radius=5, tool="brush")
    stroke.move_to(20, 20)
    return stroke.finish()


def test_that_a_new_picture_takes_the_draft_as_its_base(store: Store, seen: int) -> None:
    row = store.place_draft(seen, draft(1))
    assert (row.status, row.has_draft) == (Status.DRAFTED, True)
    assert store.load_document(seen, *SIZE).base.draft == draft(1)


def test_that_a_later_draft_takes_the_place_of_an_untouched_one(store: Store, seen: int) -> None:
    store.place_draft(seen, draft(1))
    row = store.place_draft(seen, draft(2))
    assert row.status is Status.DRAFTED
    assert store.load_document(seen, *SIZE).base.draft == draft(2)


def test_that_painted_work_is_not_touched_but_the_draft_is_kept(store: Store, seen: int) -> None:
    store.record(seen, painted(store.load_document(seen, *SIZE)))  # type: ignore[arg-type]
    row = store.place_draft(seen, draft(1))
    assert row.status is Status.IN_PROGRESS
    assert store.load_document(seen, *SIZE).base.kind == "empty"
    assert store.load_draft(seen) == draft(1)


def test_that_a_finished_picture_is_not_touched(store: Store, seen: int) -> None:
    store.record(seen, StatusChange(Status.NEW, Status.NO_LESION))
    assert store.place_draft(seen, draft(1)).status is Status.NO_LESION


def test_that_work_that_can_be_done_again_is_not_cut_off(store: Store, seen: int) -> None:
    store.record(seen, painted(store.load_document(seen, *SIZE)))  # type: ignore[arg-type]
    store.undo(seen)
    assert store.place_draft(seen, draft(1)).status is Status.NEW
    assert store.load_document(seen, *SIZE).can_redo


def test_that_the_findings_follow_the_base_there_and_back(store: Store, seen: int) -> None:
    found = draft(1, presence=0.1, strangeness=2.0)
    assert store.place_draft(seen, found).findings == found.findings
    assert store.place_draft(seen, draft(2)).findings == draft(2).findings
    assert store.undo(seen).findings == found.findings
    assert store.undo(seen).findings == Findings()
    assert store.redo(seen).findings == found.findings
    loaded = store.load_document(seen, *SIZE).base.draft
    assert loaded == found
    assert loaded is not None
    assert loaded.findings == found.findings
