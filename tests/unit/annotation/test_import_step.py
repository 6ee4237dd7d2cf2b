"""A mask from a file made the base of a document."""

import numpy as np
import pytest
from made.drafts import draft

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.codec import decode, encode
from lsegdiff_gui.annotation.commands import MaskImport
from lsegdiff_gui.annotation.document import ERASED, Document, Status
from lsegdiff_gui.annotation.import_step import import_mask
from lsegdiff_gui.annotation.incoming import Incoming, Origin, Precedence
from lsegdiff_gui.annotation.instances import Cut, Partition, Tie
from lsegdiff_gui.annotation.patch import PackedPlane
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.imaging.geometry import Box

WIDTH, HEIGHT = 300, 280
ORIGIN = Origin(
    "masks.json", "coco", "ab" * 32, ("lesion", "hair"), "2026-01-02T03:04:05Z", "Ada", "rescaled"
)
PARTED = Partition((Tie((1, 1), (5, 5)),), (Cut(((2, 2), (9, 2))),))


def theirs() -> np.ndarray:
    plane = np.zeros((HEIGHT, WIDTH), np.uint8)
    plane[20:80, 30:120] = 1
    plane[100:150, 30:120] = 2
    return plane


def incoming(plane: np.ndarray, parted: Partition = PARTED) -> Incoming:
    return Incoming(PackedPlane.of(plane), ORIGIN, parted)


@pytest.fixture
def worked_on() -> Document:
    """A draft with a painted box of label 3 and an erased one, across what is imported."""
    document = Document(WIDTH, HEIGHT, base=Base.of_draft(draft()))
    document.rebuild_base()
    document.edit([(Region.of_mask(np.ones((40, 40)), Box(100, 60, 140, 100)), 3)], "brush")
    document.edit([(Region.of_mask(np.ones((10, 10)), Box(40, 30, 50, 40)), ERASED)], "eraser")
    return document


@pytest.mark.parametrize("base", [Base.empty(), Base.of_draft(draft())])
@pytest.mark.parametrize("precedence", Precedence)
def test_that_a_mask_becomes_the_base_where_nobody_has_worked(base: Base, precedence: Precedence) -> None:
    document = Document(WIDTH, HEIGHT, base=base)
    document.rebuild_base()
    before = document.final.copy()
    assert import_mask(document, incoming(theirs()), precedence) is not None
    assert np.array_equal(document.final, theirs())
    assert document.base == Base.imported(PackedPlane.of(theirs()), ORIGIN)
    assert document.partition == PARTED
    assert document.status is Status.IN_PROGRESS
    document.undo()
    if document.needs_base:
        document.rebuild_base()
    assert np.array_equal(document.final, before)
    assert document.partition == Partition()


def test_that_kept_work_is_not_touched(worked_on: Document) -> None:
    before, steps = worked_on.final.copy(), len(worked_on.history.commands)
    assert import_mask(worked_on, incoming(theirs()), Precedence.KEEP) is None
    assert np.array_equal(worked_on.final, before)
    assert len(worked_on.history.commands) == steps


def test_that_theirs_takes_the_place_of_all_that_was_painted_in_one_step(worked_on: Document) -> None:
    before, override = worked_on.final.copy(), worked_on.override.copy()
    import_mask(worked_on, incoming(theirs()), Precedence.THEIRS)
    assert np.array_equal(worked_on.final, theirs())
    assert not worked_on.is_edited
    worked_on.undo()
    worked_on.rebuild_base()
    assert np.array_equal(worked_on.final, before)
    assert np.array_equal(worked_on.override, override)


def test_that_beneath_fills_only_what_is_neither_marked_nor_erased(worked_on: Document) -> None:
    mine, erased = worked_on.final.copy(), worked_on.override == ERASED
    import_mask(worked_on, incoming(theirs()), Precedence.BENEATH)
    expected = np.where((mine == 0) & ~erased, theirs(), mine)
    assert np.array_equal(worked_on.final, expected)
    assert worked_on.is_edited


def test_that_beneath_adds_to_a_mask_that_was_imported_before() -> None:
    document = Document(WIDTH, HEIGHT)
    first = np.zeros((HEIGHT, WIDTH), np.uint8)
    first[:50] = 4
    import_mask(document, incoming(first, Partition((Tie((9, 9), (8, 8)),))), Precedence.KEEP)
    import_mask(document, incoming(theirs()), Precedence.BENEATH)
    assert np.array_equal(document.final, np.where(first, first, theirs()))
    assert document.partition == Partition((Tie((9, 9), (8, 8)), *PARTED.ties), PARTED.cuts)


def test_that_importing_the_same_again_is_no_step() -> None:
    document = Document(WIDTH, HEIGHT)
    import_mask(document, incoming(theirs()), Precedence.THEIRS)
    again = Incoming(PackedPlane.of(theirs()), Origin("other.json"), PARTED)
    assert import_mask(document, again, Precedence.THEIRS) is None
    assert import_mask(document, again, Precedence.BENEATH) is None


def test_that_what_was_undone_counts_as_work(worked_on: Document) -> None:
    document = Document(WIDTH, HEIGHT)
    document.edit([(Region.of_mask(np.ones((4, 4)), Box(0, 0, 4, 4)), 1)], "brush")
    document.undo()
    assert import_mask(document, incoming(theirs()), Precedence.KEEP) is None


def test_that_a_mask_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="The mask is"):
        import_mask(Document(HEIGHT, WIDTH), incoming(theirs()), Precedence.THEIRS)


def test_that_the_step_is_read_back_as_it_was_written_down(worked_on: Document) -> None:
    of_draft = worked_on.base.draft
    assert of_draft is not None
    for precedence in (Precedence.THEIRS, Precedence.BENEATH):
        command = import_mask(worked_on, incoming(theirs()), precedence)
        assert isinstance(command, MaskImport)
        assert (command.emptied is None) == (precedence is Precedence.BENEATH)
        assert decode(*encode(command), {of_draft.id: of_draft}.__getitem__) == command
        worked_on.undo()
        worked_on.rebuild_base()


def test_that_an_origin_of_an_earlier_version_is_the_files_name() -> None:
    assert Origin.from_dict("old.png") == Origin("old.png")
    assert Origin.from_dict({**ORIGIN.to_dict(), "later": 1}) == ORIGIN
