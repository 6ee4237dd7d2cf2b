"""A project that is closed and opened amid long random work: nothing is lost, and the work goes on."""

import sqlite3
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made.random_work import HEIGHT, WIDTH, Work, same

from lsegdiff_gui.annotation.commands import Command
from lsegdiff_gui.project import documents
from lsegdiff_gui.project.store import Store

STEPS, CLOSED_EVERY = 200, 67


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32 - 1), st.integers(1, 9))
def test_that_a_reopened_project_equals_the_closed_one_amid_long_work(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
    checkpoint_every: int,
) -> None:
    monkeypatch.setattr(documents, "CHECKPOINT_EVERY", checkpoint_every)
    file = tmp_path_factory.mktemp("project") / "p.lsegdiff"
    store = opened(file)
    (row,) = store.add_pictures([file.with_name("a.png")])
    store.set_identity(row.id, "00", WIDTH, HEIGHT)

    def keep(step: Command | str) -> None:
        match step:
            case "undo":
                store.undo(row.id)
            case "redo":
                store.redo(row.id)
            case _:
                assert not isinstance(step, str)
                store.record(row.id, step)

    work = Work(seed, keep)
    for number in range(1, STEPS + 1):
        work.step()
        if work.document.needs_base:
            work.document.rebuild_base()
        if number % CLOSED_EVERY == 0:
            store.close()
            store = opened(file)
            loaded = store.load_document(row.id, WIDTH, HEIGHT)
            same(loaded, work.now)
            assert loaded.history.commands == work.document.history.commands
            assert loaded.history.cursor == work.cursor
            assert store.picture(row.id).is_edited == work.document.is_edited
            work.document = loaded
    while work.document.can_undo:
        work.back()
    same(store.load_document(row.id, WIDTH, HEIGHT), work.states[0])
    assert store.labels() == work.states[0].labels
    store.close()
    tell_one_story(file)


def opened(file: Path) -> Store:
    store = Store.open(file)
    # Syncing hundreds of commits to the disk is not what this test is about.
    store._connection.execute("PRAGMA synchronous = OFF")
    return store


def tell_one_story(file: Path) -> None:
    """The events alone, read in their order, say at each moment which commands are in effect."""
    connection = sqlite3.connect(file)
    events = connection.execute("SELECT kind, command FROM events ORDER BY id").fetchall()
    discarded = dict(connection.execute("SELECT id, discarded FROM commands"))
    connection.close()
    done: list[int] = []
    undone: list[int] = []
    for kind, command in events:
        if kind == "do":
            undone.clear()
            done.append(command)
        elif kind == "undo":
            assert done.pop() == command
            undone.append(command)
        else:
            assert undone.pop() == command
            done.append(command)
    assert all(before < after for before, after in pairwise([*done, *reversed(undone)]))
    assert {number for number, gone in discarded.items() if not gone} == {*done, *undone}
