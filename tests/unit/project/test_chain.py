import contextlib
import sqlite3
from pathlib import Path

import pytest

from lsegdiff_gui.annotation.commands import StatusChange
from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.project import chain
from lsegdiff_gui.project.store import ProjectError, Store

FLAGGED = StatusChange(Status.NEW, Status.FLAGGED, "blurred")


@pytest.fixture
def worked_on(store: Store, picture_id: int, project_file: Path) -> Path:
    store.annotator = "Ada"
    store.record(picture_id, FLAGGED)
    store.undo(picture_id)
    store.redo(picture_id)
    store.record(picture_id, StatusChange(Status.FLAGGED, Status.DONE))
    return project_file


def checked(project: Path) -> None:
    with contextlib.closing(sqlite3.connect(project)) as connection:
        chain.check(connection, 1)


def test_that_a_history_as_it_was_written_is_whole(worked_on: Path) -> None:
    checked(worked_on)
    with contextlib.closing(sqlite3.connect(worked_on)) as connection:
        links = [link for (link,) in connection.execute("SELECT chain FROM events")]
    assert len(set(links)) == 4
    assert all(len(link) == 64 for link in links)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE events SET annotator = 'Bob' WHERE id = 2",
        "UPDATE events SET time = '1999-01-01T00:00:00.000+00:00' WHERE id = 1",
        "DELETE FROM events WHERE id = 2",
        "UPDATE commands SET payload = X'00' WHERE id = 1",
        "UPDATE events SET chain = '' WHERE id = 4",
    ],
)
def test_that_a_change_from_outside_is_seen(worked_on: Path, change: str) -> None:
    with contextlib.closing(sqlite3.connect(worked_on)) as connection:
        for trigger in ("events_stay_as_they_are", "events_stay"):
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute(change)
        connection.commit()
    with pytest.raises(ProjectError, match="was changed from outside"):
        checked(worked_on)
