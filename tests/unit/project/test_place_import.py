"""A mask from a file in a project: one step that survives a restart."""

from pathlib import Path

import numpy as np
import pytest
from made.drafts import draft

from lsegdiff_gui.annotation.commands import StatusChange
from lsegdiff_gui.annotation.document import Status
from lsegdiff_gui.annotation.incoming import Incoming, Origin, Precedence
from lsegdiff_gui.annotation.instances import Partition, Tie
from lsegdiff_gui.annotation.labels import Label
from lsegdiff_gui.annotation.patch import PackedPlane
from lsegdiff_gui.project.store import ProjectError, Store

SIZE = (330, 290)
PLANE = np.zeros((290, 330), np.uint8)
PLANE[10:60, 20:90] = 1
PLANE[100:120, 20:90] = 2
INCOMING = Incoming(
    PackedPlane.of(PLANE), Origin("a.json", "coco", "ab" * 32), Partition((Tie((30, 20), (30, 110)),))
)


def test_that_an_imported_mask_and_its_lesions_survive_a_restart(
    project_file: Path, store: Store, picture_id: int
) -> None:
    assert store.place_import(picture_id, INCOMING, Precedence.KEEP)
    store.close()
    with Store.open(project_file) as again:
        document = again.load_document(picture_id, *SIZE)
        assert np.array_equal(document.final, PLANE)
        assert document.base.origin == INCOMING.origin
        assert document.partition == INCOMING.partition
        assert again.picture(picture_id).status is Status.IN_PROGRESS
        document.undo()
        again.undo(picture_id)
        assert not document.final.any()
        assert again.load_document(picture_id, *SIZE).partition == Partition()


def test_that_replaced_work_comes_back_after_a_restart(
    project_file: Path, store: Store, picture_id: int
) -> None:
    store.place_draft(picture_id, draft(1))
    store.record(picture_id, StatusChange(Status.DRAFTED, Status.DONE))
    assert not store.place_import(picture_id, INCOMING, Precedence.KEEP)
    assert store.place_import(picture_id, INCOMING, Precedence.THEIRS)
    store.close()
    with Store.open(project_file) as again:
        again.undo(picture_id)
        assert again.load_document(picture_id, *SIZE).base.draft == draft(1)
        assert again.picture(picture_id).status is Status.DONE


def test_that_a_draft_in_the_background_never_takes_the_place_of_an_imported_mask(
    store: Store, picture_id: int
) -> None:
    store.place_import(picture_id, INCOMING, Precedence.THEIRS)
    store.place_draft(picture_id, draft(2))
    assert np.array_equal(store.load_document(picture_id, *SIZE).final, PLANE)


def test_that_a_mask_of_another_size_is_refused_with_a_sentence(store: Store, picture_id: int) -> None:
    turned = Incoming(PackedPlane.of(PLANE.T.copy()), Origin("a.json"))
    with pytest.raises(ProjectError, match=r"skin\.jpg' was not imported"):
        store.place_import(picture_id, turned, Precedence.THEIRS)


def test_that_labels_are_added_by_no_step_and_never_over_others(store: Store, picture_id: int) -> None:
    store.add_labels((Label(2, "Hair", "#e69f00"),))
    assert [label.name for label in store.labels()] == ["Lesion", "Hair", "Ignore"]
    assert not store.load_document(picture_id, *SIZE).can_undo
    with pytest.raises(ProjectError, match="belongs to “Hair”"):
        store.add_labels((Label(3, "Vein", "#009e73"), Label(2, "Ruler", "#0072b2")))
    assert len(store.labels()) == 3
