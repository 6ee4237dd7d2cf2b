import contextlib
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from made import version_3
from made.drafts import draft

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.commands import BaseChange, Command, LabelsChange, StatusChange
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.labels import Label, Status
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.project import frozen
from lsegdiff_gui.project.store import ProjectError, Store

WIDTH, HEIGHT = 330, 290


class Work:
    """A drafted picture, worked on in memory and in the project alike."""

    def __init__(self, store: Store, picture_id: int) -> None:
        self.store = store
        self.id = picture_id
        self.document = Document(WIDTH, HEIGHT)
        self.do(BaseChange(Base.empty(), Base.of_draft(draft(1))))
        self.document.rebuild_base()

    def do(self, command: Command) -> None:
        self.document.apply(command)
        self.store.record(self.id, command)

    def say(self, status: Status) -> None:
        self.do(StatusChange(self.document.status, status))

    def paint(self) -> None:
        region = Region(Box(5, 5, 25, 25), np.ones((20, 20), np.bool_))
        edit = self.document.edit([(region, 1)], "brush")
        assert edit is not None
        self.store.record(self.id, edit)


@pytest.fixture
def work(store: Store, picture_id: int) -> Work:
    return Work(store, picture_id)


def test_that_done_freezes_the_mask_with_its_hash(work: Work, store: Store) -> None:
    work.paint()
    assert store.frozen(work.id) is None
    store.annotator = "Ada"
    work.say(Status.DONE)
    kept = store.frozen(work.id)
    assert kept is not None
    np.testing.assert_array_equal(kept.labels_plane(), work.document.final)
    assert kept.sha256 == frozen.fingerprint(work.document.final)
    assert (kept.reason, kept.annotator, kept.labels) == ("done", "Ada", work.document.labels)
    assert kept.provenance["weights_sha256"] == draft(1).provenance.weights_sha256
    assert kept.dice is not None
    assert 0 < kept.dice < 1


def test_that_no_lesion_freezes_an_empty_mask_and_approval_keeps_it_empty(work: Work, store: Store) -> None:
    work.say(Status.NO_LESION)
    work.say(Status.APPROVED)
    kept = store.frozen(work.id)
    assert kept is not None
    assert kept.reason == "approved"
    assert not kept.labels_plane().any()


def test_that_editing_reopens_and_undo_brings_the_frozen_mask_back(work: Work, store: Store) -> None:
    work.say(Status.DONE)
    kept = store.frozen(work.id)
    assert kept is not None
    work.paint()
    assert store.frozen(work.id) is None
    store.undo(work.id)
    again = store.frozen(work.id)
    assert again is not None
    assert again.sha256 == kept.sha256


def test_that_a_mask_said_to_be_done_after_an_undo_is_not_the_one_that_was_taken_back(
    work: Work, store: Store
) -> None:
    work.paint()
    work.say(Status.DONE)
    first = store.frozen(work.id)
    for _ in range(2):
        work.document.undo()
        store.undo(work.id)
    assert store.frozen(work.id) is None
    work.say(Status.DONE)
    second = store.frozen(work.id)
    assert first is not None
    assert second is not None
    assert first.sha256 != second.sha256


def test_that_another_name_of_a_label_leaves_the_mask_frozen(work: Work, store: Store) -> None:
    work.say(Status.DONE)
    labels = work.document.labels
    work.do(LabelsChange(labels, (Label(1, "Naevus", "#56b4e9", "1"), *labels[1:])))
    assert store.frozen(work.id) is not None


def test_that_an_export_freezes_once_and_finds_it_again(work: Work, store: Store) -> None:
    work.paint()
    first = store.freeze(work.id)
    assert first is not None
    assert first.reason == "exported"
    assert store.freeze(work.id) == first
    np.testing.assert_array_equal(first.labels_plane(), work.document.final)
    work.say(Status.FLAGGED)
    assert store.frozen(work.id) is None


def test_that_a_picture_nobody_has_read_has_nothing_to_freeze(store: Store, tmp_path: Path) -> None:
    (row,) = store.add_pictures([tmp_path / "unread.png"])
    store.record(row.id, StatusChange(Status.NEW, Status.NO_LESION))
    assert store.picture(row.id).status is Status.NO_LESION
    assert store.freeze(row.id) is None


def later_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on a base mask is made by other rules, as a later version of the program may."""

    def all_of_it(_draft: object, _recipe: Recipe, width: int, height: int) -> object:
        return np.ones((height, width), np.uint8)

    monkeypatch.setattr("lsegdiff_gui.annotation.base.base_mask", all_of_it)


def test_that_a_later_version_gives_the_same_pixels(
    work: Work, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.say(Status.DONE)
    before = work.document.final.copy()
    later_version(monkeypatch)
    work.say(Status.APPROVED)
    document = store.load_document(work.id, WIDTH, HEIGHT)
    document.rebuild_base()
    assert not np.array_equal(document.final, before)
    kept = store.freeze(work.id)
    assert kept is not None
    np.testing.assert_array_equal(kept.labels_plane(), before)


def test_that_a_project_of_an_older_version_exports_the_same_pixels_ever_after(
    project_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version_3.write_project(project_file, draft(5))
    with Store.open(project_file) as store:
        first = store.freeze(1)
    assert first is not None
    assert (first.labels_plane()[10:20, 10:20] == 1).all()
    later_version(monkeypatch)
    with Store.open(project_file) as store:
        again = store.freeze(1)
    assert again is not None
    np.testing.assert_array_equal(again.labels_plane(), first.labels_plane())


def test_that_a_frozen_mask_that_was_changed_is_not_taken_for_it(work: Work, store: Store) -> None:
    work.say(Status.DONE)
    with contextlib.closing(sqlite3.connect(store.path)) as connection:
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            connection.execute("UPDATE frozen_masks SET sha256 = ''")
        with pytest.raises(sqlite3.IntegrityError, match="never removed"):
            connection.execute("DELETE FROM frozen_masks")
        connection.execute("DROP TRIGGER frozen_masks_stay_as_they_are")
        connection.execute("UPDATE frozen_masks SET sha256 = 'ab'")
        connection.commit()
    kept = store.frozen(work.id)
    assert kept is not None
    with pytest.raises(ProjectError, match="its pixels have changed"):
        kept.labels_plane()


def test_that_the_origin_tells_everything_that_was_done(work: Work, store: Store) -> None:
    store.annotator = "Ada"
    work.paint()
    store.undo(work.id)
    store.redo(work.id)
    store.annotator = "Bob"
    work.say(Status.DONE)
    origin = store.origin(work.id)
    assert [
        (deed.kind, deed.what, deed.tool, deed.pixels, deed.status, deed.annotator) for deed in origin.deeds
    ] == [
        ("do", "base", "", 0, "drafted", ""),
        ("do", "paint", "brush", 400, "in_progress", "Ada"),
        ("undo", "paint", "brush", 400, "drafted", "Ada"),
        ("redo", "paint", "brush", 400, "in_progress", "Ada"),
        ("do", "status", "", 0, "done", "Bob"),
    ]
    (freeze,) = origin.freezes
    kept = store.frozen(work.id)
    assert kept is not None
    assert (freeze.reason, freeze.sha256, freeze.annotator, freeze.dice) == (
        "done",
        kept.sha256,
        "Bob",
        kept.dice,
    )
    assert (origin.picture, origin.picture_sha256, origin.edited) == ("skin.jpg", "ab" * 32, True)
    row = origin.to_attributes()
    assert row["weights_sha256"] == draft(1).provenance.weights_sha256
    assert (row["annotators"], row["edits"], row["edited_pixels"], row["tools"]) == (
        "Ada, Bob",
        1,
        400,
        "brush",
    )
    assert row["mask_sha256"] == kept.sha256
