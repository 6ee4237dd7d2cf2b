from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made.drafts import draft

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.commands import (
    BaseChange,
    Command,
    LabelsChange,
    PartitionChange,
    RecipeChange,
    StatusChange,
)
from lsegdiff_gui.annotation.document import ERASED, Document, Status
from lsegdiff_gui.annotation.instances import Cut, Partition, Tie
from lsegdiff_gui.annotation.labels import Label
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.annotation.stroke import Stroke
from lsegdiff_gui.project import documents
from lsegdiff_gui.project.store import ProjectError, Store

WIDTH, HEIGHT = 330, 290
DRAFTS = [draft(seed, grid=16) for seed in range(3)]


def dab(document: Document, label: int, x: float, y: float, radius: float = 9.0) -> Command | None:
    stroke = Stroke(document, label=label, radius=radius, tool="brush")
    stroke.move_to(x, y)
    return stroke.finish()


def same(document: Document, other: Document) -> None:
    np.testing.assert_array_equal(other.override, document.override)
    assert other.base == document.base
    assert other.recipe == document.recipe
    assert (other.status, other.note, other.is_edited) == (document.status, document.note, document.is_edited)
    assert other.history.commands == document.history.commands
    assert other.history.cursor == document.history.cursor
    other.rebuild_base()
    document.rebuild_base()
    np.testing.assert_array_equal(other.final, document.final)


steps = st.one_of(
    st.tuples(st.just("paint"), st.sampled_from([1, 2, ERASED]), st.integers(-5, 335), st.integers(-5, 295)),
    st.tuples(st.just("recipe"), st.sampled_from([0, 3, 9, 31])),
    st.tuples(st.just("base"), st.integers(0, 3)),
    st.tuples(st.just("status"), st.sampled_from(list(Status)), st.text(max_size=5)),
    st.tuples(st.just("undo")),
    st.tuples(st.just("undo")),
    st.tuples(st.just("redo")),
)


def take(document: Document, store: Store, picture_id: int, step: tuple[object, ...]) -> None:
    """One step in the document, and the same in the store, as the window does it."""
    command: Command | None = None
    match step:
        case ("paint", int(label), int(x), int(y)):
            command = dab(document, label, x, y)
        case ("recipe", int(kernel)):
            command = RecipeChange(document.recipe, replace(document.recipe, kernel=kernel))
            document.apply(command)
        case ("base", int(index)):
            mask = Base.of_mask(np.eye(HEIGHT, WIDTH, dtype=np.uint8), label=3)
            bases = [Base.empty(), mask, *(Base.of_draft(made) for made in DRAFTS)]
            command = BaseChange(document.base, bases[index])
            document.apply(command)
        case ("status", Status() as status, str(note)):
            command = StatusChange(document.status, status, note)
            document.apply(command)
        case ("undo",):
            if document.undo():
                store.undo(picture_id)
        case ("redo",):
            if document.redo():
                store.redo(picture_id)
    if command is not None:
        store.record(picture_id, command)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, max_size=20), st.integers(1, 5))
def test_that_a_reopened_project_equals_the_closed_one(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    path: list[tuple[object, ...]],
    checkpoint_every: int,
) -> None:
    monkeypatch.setattr(documents, "CHECKPOINT_EVERY", checkpoint_every)
    file = tmp_path_factory.mktemp("project") / "p.lsegdiff"
    document = Document(WIDTH, HEIGHT)
    with Store.open(file) as store:
        (row,) = store.add_pictures([file.with_name("a.png")])
        store.set_identity(row.id, "00", WIDTH, HEIGHT)
        for step in path:
            take(document, store, row.id, step)
        listed = store.picture(row.id)
    assert (listed.status, listed.note) == (document.status, document.note)
    assert listed.is_edited == document.is_edited
    with Store.open(file) as store:
        loaded = store.load_document(row.id, WIDTH, HEIGHT)
        same(document, loaded)
        # Undo and redo go on where they were.
        for step in [("undo",), ("undo",), ("redo",), ("paint", 1, 100, 100), ("undo",)]:
            take(loaded, store, row.id, step)
        same(loaded, store.load_document(row.id, WIDTH, HEIGHT))


def test_that_a_picture_without_work_loads_as_a_new_document(store: Store, picture_id: int) -> None:
    same(Document(WIDTH, HEIGHT), store.load_document(picture_id, WIDTH, HEIGHT))


def test_that_drafts_named_by_a_base_are_kept_with_it(store: Store, picture_id: int) -> None:
    document = Document(WIDTH, HEIGHT)
    change = BaseChange(document.base, Base.of_draft(DRAFTS[1]))
    document.apply(change)
    row = store.record(picture_id, change)
    assert row.status == Status.DRAFTED
    loaded = store.load_document(picture_id, WIDTH, HEIGHT)
    assert loaded.base.draft == DRAFTS[1]
    assert loaded.needs_base


def test_that_undoing_adds_an_event_and_keeps_the_command(store: Store, picture_id: int) -> None:
    document = Document(WIDTH, HEIGHT)
    for x in (50, 90):
        take(document, store, picture_id, ("paint", 1, x, 50))
    take(document, store, picture_id, ("undo",))
    take(document, store, picture_id, ("redo",))
    take(document, store, picture_id, ("undo",))
    take(document, store, picture_id, ("paint", 2, 200, 200))
    kinds = [kind for (kind,) in store._connection.execute("SELECT kind FROM events ORDER BY id")]
    assert kinds == ["do", "do", "undo", "redo", "undo", "do"]
    kept = store._connection.execute("SELECT discarded, tool FROM commands ORDER BY id").fetchall()
    assert kept == [(0, "brush"), (1, "brush"), (0, "brush")]


def test_that_each_event_names_who_worked(store: Store, picture_id: int) -> None:
    store.annotator = "A. Ärztin"
    store.record(picture_id, StatusChange(Status.NEW, Status.FLAGGED, "blurred"))
    assert store._connection.execute("SELECT annotator FROM events").fetchall() == [("A. Ärztin",)]
    assert store.picture(picture_id).note == "blurred"


def test_that_there_is_nothing_to_undo_or_redo_in_a_new_picture(store: Store, picture_id: int) -> None:
    with pytest.raises(ProjectError, match="nothing to undo"):
        store.undo(picture_id)
    with pytest.raises(ProjectError, match="nothing to redo"):
        store.redo(picture_id)


def test_that_a_picture_whose_size_has_changed_is_not_loaded_over_its_work(
    store: Store, picture_id: int
) -> None:
    assert store.load_document(picture_id, 20, 10).width == 20
    store.record(picture_id, StatusChange(Status.NEW, Status.DONE))
    with pytest.raises(ProjectError, match=r"'skin.jpg' is 20 x 10 pixels now, .* on 330 x 290"):
        store.load_document(picture_id, 20, 10)


def test_that_work_is_not_reassigned_to_another_content(store: Store, picture_id: int) -> None:
    store.record(picture_id, StatusChange(Status.NEW, Status.DONE))
    before = store.picture(picture_id)
    with pytest.raises(ProjectError, match=r"'skin.jpg' is not the one this mask was made for"):
        store.set_identity(picture_id, "ff" * 32, 330, 290)
    assert store.picture(picture_id) == before


def test_that_a_log_with_a_step_of_a_later_version_is_refused(store: Store, picture_id: int) -> None:
    store.record(picture_id, StatusChange(Status.NEW, Status.DONE))
    store._connection.execute("UPDATE commands SET kind = 'instance'")
    with pytest.raises(ProjectError, match="unknown to this version"):
        store.load_document(picture_id, WIDTH, HEIGHT)


def test_that_a_base_whose_draft_is_gone_is_refused(store: Store, picture_id: int) -> None:
    store.record(picture_id, BaseChange(Base.empty(), Base.of_draft(DRAFTS[0])))
    store._connection.execute("DELETE FROM drafts")
    with pytest.raises(ProjectError, match="is missing"):
        store.load_document(picture_id, WIDTH, HEIGHT)


def test_that_a_thousand_strokes_are_loaded_from_a_checkpoint(
    store: Store, picture_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Syncing a thousand commits to the disk is not what this test is about.
    store._connection.execute("PRAGMA synchronous = OFF")
    document = Document(WIDTH, HEIGHT)
    rng = np.random.default_rng(0)
    done = 0
    while done < 1000:
        label = int(rng.choice([1, 2, ERASED]))
        command = dab(document, label, rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT), rng.uniform(2, 40))
        if command is not None:
            store.record(picture_id, command)
            done += 1
    replayed = []
    put = documents._put
    monkeypatch.setattr(documents, "_put", lambda plane, packed: (replayed.append(1), put(plane, packed)))
    loaded = store.load_document(picture_id, WIDTH, HEIGHT)
    np.testing.assert_array_equal(loaded.override, document.override)
    assert len(replayed) < documents.CHECKPOINT_EVERY
    (kept,) = store._connection.execute("SELECT count(*) FROM checkpoints").fetchone()
    assert kept == documents.CHECKPOINTS_KEPT

    for _ in range(700):
        document.undo()
        store.undo(picture_id)
    replayed.clear()
    loaded = store.load_document(picture_id, WIDTH, HEIGHT)
    np.testing.assert_array_equal(loaded.override, document.override)
    assert len(replayed) < documents.CHECKPOINT_EVERY
    assert len(loaded.history.commands) == 1000


def test_that_a_checkpoint_that_fails_does_not_lose_the_stroke(
    store: Store, picture_id: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(documents, "CHECKPOINT_EVERY", 1)

    def fail(_: object) -> bytes:
        raise ValueError("no room")

    monkeypatch.setattr(documents, "pack_plane", fail)
    document = Document(WIDTH, HEIGHT)
    take(document, store, picture_id, ("paint", 1, 50, 50))
    assert "no checkpoint" in caplog.text
    caplog.clear()
    same(document, store.load_document(picture_id, WIDTH, HEIGHT))


def test_that_a_stroke_outside_the_picture_is_damage(store: Store, picture_id: int, tmp_path: Path) -> None:
    (other,) = store.add_pictures([tmp_path / "never read.png"])
    document = Document(WIDTH, HEIGHT)
    take(document, store, other.id, ("paint", 1, 300, 50))
    with pytest.raises(ProjectError, match="lies outside"):
        store.load_document(other.id, 100, 100)


def slide(document: Document, store: Store, picture_id: int, kernel: int) -> None:
    """A slider that goes on moving."""
    command = RecipeChange(document.recipe, replace(document.recipe, kernel=kernel), merge=True)
    document.apply(command)
    store.record(picture_id, command)


def told(store: Store) -> list[tuple[str, int]]:
    return store._connection.execute("SELECT kind, command FROM events ORDER BY id").fetchall()


def test_that_a_slider_on_its_way_is_one_step_in_the_project_too(store: Store, picture_id: int) -> None:
    document = Document(WIDTH, HEIGHT)
    take(document, store, picture_id, ("paint", 1, 50, 50))
    for kernel in (7, 9, 11):
        slide(document, store, picture_id, kernel)
    loaded = store.load_document(picture_id, WIDTH, HEIGHT)
    same(document, loaded)
    assert len(loaded.history.commands) == 2
    take(loaded, store, picture_id, ("undo",))
    assert store.load_document(picture_id, WIDTH, HEIGHT).recipe == Recipe()
    take(loaded, store, picture_id, ("redo",))
    assert store.load_document(picture_id, WIDTH, HEIGHT).recipe.kernel == 11


def test_that_the_events_tell_a_merged_step_as_undone_and_done_anew(store: Store, picture_id: int) -> None:
    document = Document(WIDTH, HEIGHT)
    for kernel in (7, 9):
        slide(document, store, picture_id, kernel)
    assert told(store) == [("do", 1), ("undo", 1), ("do", 2)]
    kept = store._connection.execute("SELECT id, discarded FROM commands ORDER BY id").fetchall()
    assert kept == [(1, 1), (2, 0)]


def test_that_a_merge_which_fails_half_way_leaves_the_slider_where_it_was(
    store: Store, picture_id: int
) -> None:
    document = Document(WIDTH, HEIGHT)
    slide(document, store, picture_id, 7)
    store._connection.execute(
        "CREATE TEMP TRIGGER full BEFORE INSERT ON commands BEGIN SELECT RAISE(ABORT, 'no room'); END"
    )
    with pytest.raises(ProjectError, match="no room"):
        slide(document, store, picture_id, 9)
    store._connection.execute("DROP TRIGGER full")
    loaded = store.load_document(picture_id, WIDTH, HEIGHT)
    assert (loaded.recipe.kernel, len(loaded.history.commands)) == (7, 1)
    assert told(store) == [("do", 1)]
    # What could not be saved is handed in again, as the store's thread does it.
    store.record(picture_id, RecipeChange(Recipe(kernel=7), Recipe(kernel=9), merge=True))
    same(document, store.load_document(picture_id, WIDTH, HEIGHT))


def test_that_a_merge_over_a_checkpoint_keeps_the_plane(
    store: Store, picture_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = Document(WIDTH, HEIGHT)
    take(document, store, picture_id, ("paint", 1, 50, 50))
    slide(document, store, picture_id, 7)
    with store._transaction():
        store._documents.lay_checkpoint(picture_id)
    slide(document, store, picture_id, 9)
    same(document, store.load_document(picture_id, WIDTH, HEIGHT))


LOCKED = Label(1, "Lesion", "#56b4e9", "1", locked=True)
NEVUS = Label(2, "Nevus", "#d55e00", "2")


def relabel(document: Document, store: Store, picture_id: int, *labels: Label) -> None:
    command = LabelsChange(document.labels, labels)
    document.apply(command)
    store.record(picture_id, command)


def test_that_the_project_s_labels_follow_the_log(store: Store, picture_id: int) -> None:
    document = Document(WIDTH, HEIGHT)
    before = document.labels
    relabel(document, store, picture_id, LOCKED, NEVUS)
    assert store.labels() == (LOCKED, NEVUS)
    same(document, store.load_document(picture_id, WIDTH, HEIGHT))
    take(document, store, picture_id, ("undo",))
    assert store.labels() == before == document.labels
    take(document, store, picture_id, ("redo",))
    assert store.labels() == (LOCKED, NEVUS)


def test_that_undoing_a_lock_keeps_the_label_another_picture_brought_meanwhile(
    store: Store, picture_id: int, tmp_path: Path
) -> None:
    first = Document(WIDTH, HEIGHT)
    ignore = first.labels[1]
    relabel(first, store, picture_id, LOCKED, ignore)
    (other,) = store.add_pictures([tmp_path / "b.png"])
    second = store.load_document(other.id, WIDTH, HEIGHT)
    relabel(second, store, other.id, LOCKED, NEVUS, ignore)
    first = store.load_document(picture_id, WIDTH, HEIGHT)
    take(first, store, picture_id, ("undo",))
    assert first.labels == store.labels() == (replace(LOCKED, locked=False), NEVUS, ignore)


def test_that_labels_are_no_work_on_the_picture(store: Store, picture_id: int) -> None:
    relabel(Document(WIDTH, HEIGHT), store, picture_id, LOCKED)
    assert store.picture(picture_id).status is Status.NEW
    store.set_identity(picture_id, "ff" * 32, 20, 10)
    assert store.load_document(picture_id, 20, 10).width == 20


def test_that_ties_and_cuts_are_kept(store: Store, picture_id: int) -> None:
    document = Document(WIDTH, HEIGHT)
    after = Partition((Tie((1.5, 2.5), (30.5, 4.5)),), (Cut(((0.5, 0.5), (90.5, 90.5))),))
    command = PartitionChange(document.partition, after)
    document.apply(command)
    store.record(picture_id, command)
    assert store.load_document(picture_id, WIDTH, HEIGHT).partition == after
    store.undo(picture_id)
    assert store.load_document(picture_id, WIDTH, HEIGHT).partition == Partition()


def test_that_a_baked_base_keeps_its_draft_and_what_was_found(store: Store, picture_id: int) -> None:
    document = Document(WIDTH, HEIGHT)
    found = draft(7, presence=0.1, strangeness=2.0)
    change = BaseChange(document.base, Base.of_draft(found))
    document.apply(change)
    store.record(picture_id, change)
    document.rebuild_base()
    baked = document.bake()
    assert baked is not None
    row = store.record(picture_id, baked)
    assert (row.findings, row.status, row.is_edited) == (found.findings, Status.IN_PROGRESS, False)
    loaded = store.load_document(picture_id, WIDTH, HEIGHT)
    assert loaded.base.draft == found
    assert not loaded.needs_base
    same(document, loaded)


def test_that_a_baked_mask_whose_bytes_are_damaged_is_told(store: Store, picture_id: int) -> None:
    document = Document(WIDTH, HEIGHT)
    take(document, store, picture_id, ("paint", 1, 50, 50))
    baked = document.bake()
    assert baked is not None
    store.record(picture_id, baked)
    store._connection.execute("UPDATE pictures SET base = substr(base, 1, length(base) - 9)")
    with pytest.raises(ProjectError, match="is damaged"):
        store.load_document(picture_id, WIDTH, HEIGHT)
