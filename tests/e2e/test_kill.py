"""The program may be killed at any moment: what it called saved is there afterwards."""

import os
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from made import recorded_work
from made.recorded_work import HEIGHT, WIDTH, events_of

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.project.store import Store

KILLS = 8
_TESTS = Path(__file__).resolve().parents[1]


def record_until_killed(project: Path, seconds: float) -> int:
    """Start the recording program, kill it `seconds` after its first step; how many steps it reported saved."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(_TESTS), str(_TESTS.parent)])}
    program = subprocess.Popen(
        [sys.executable, recorded_work.__file__, str(project)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert program.stdout is not None
    with program, program.stdout:
        first = program.stdout.readline()
        time.sleep(seconds)
        program.kill()
        lines = [first, *program.stdout]
    return int([line for line in lines if line.endswith("\n")][-1].split()[1])


@pytest.mark.skipif(sys.platform == "win32", reason="kills by SIGKILL")
def test_that_no_step_reported_as_saved_is_lost_when_the_program_is_killed(tmp_path: Path) -> None:
    project = tmp_path / "p.lsegdiff"
    moments = random.Random(1)
    for _ in range(KILLS):
        reported = record_until_killed(project, moments.uniform(0.0, 0.25))
        with Store.open(project) as store:
            (row,) = store.pictures()
            loaded = store.load_document(row.id, WIDTH, HEIGHT)
            events = store._connection.execute("SELECT count(*) FROM events").fetchone()[0]
            expected = Document(WIDTH, HEIGHT)
            steps = told = 0
            while told < events:
                told += events_of(expected, steps)
                steps += 1
            # A step is there whole or not at all, also one that takes the place of another.
            assert told == events
            # The one step more was committed when the kill came before it could be reported.
            assert steps in (reported, reported + 1)
            np.testing.assert_array_equal(loaded.override, expected.override)
            assert loaded.recipe == expected.recipe
            assert loaded.history.commands == expected.history.commands
            assert loaded.history.cursor == expected.history.cursor
            while loaded.undo():
                expected.undo()
                np.testing.assert_array_equal(loaded.override, expected.override)
            assert not loaded.override.any()
            store.set_value("done", str(steps))
        connection = sqlite3.connect(project)
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.close()
