import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lsegdiff_gui.project.lock import HeldError, NoLockError, ProjectLock, holder_of

HOLD = """
import sys
from pathlib import Path
from lsegdiff_gui.project.lock import ProjectLock
lock = ProjectLock.take(Path(sys.argv[1]), "Ada")
print("held", flush=True)
sys.stdin.read()
"""


def test_that_a_second_one_learns_who_holds_the_project_and_since_when(project_file: Path) -> None:
    first = ProjectLock.take(project_file, "Ada")
    with pytest.raises(
        HeldError, match=rf"open elsewhere: Ada, process {os.getpid()} on this computer, since 20"
    ):
        ProjectLock.take(project_file, "Bob")
    first.release()
    second = ProjectLock.take(project_file, "Bob")
    holder = holder_of(project_file)
    assert holder is not None
    assert holder.annotator == "Bob"
    second.release()
    assert list(project_file.parent.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="kills by SIGKILL")
def test_that_no_lock_outlives_a_process_that_was_killed(project_file: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(project_file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(HeldError, match=rf"process {other.pid} "):
            ProjectLock.take(project_file)
        other.kill()
    ProjectLock.take(project_file).release()


def test_that_a_lock_file_without_a_holder_stops_nobody(project_file: Path) -> None:
    left = project_file.with_name("project.lsegdiff.lock")
    left.write_text(json.dumps({"host": "gone", "process": 1, "since": "2020-01-01T00:00:00.000+00:00"}))
    ProjectLock.take(project_file).release()


def test_that_a_holder_whose_name_cannot_be_read_still_holds(project_file: Path) -> None:
    lock = ProjectLock.take(project_file)
    project_file.with_name("project.lsegdiff.lock").write_bytes(b"\x00 no name")
    with pytest.raises(HeldError, match="a window whose name could not be read"):
        ProjectLock.take(project_file)
    lock.release()


def test_that_another_computer_is_named(project_file: Path) -> None:
    lock = ProjectLock.take(project_file)
    holder = {"host": "ward-3", "process": 7, "since": "2026-01-02T03:04:05.000+00:00", "annotator": ""}
    project_file.with_name("project.lsegdiff.lock").write_text(json.dumps(holder))
    with pytest.raises(HeldError, match="process 7 on the computer ward-3, since 2026-01-02 03:04 UTC"):
        ProjectLock.take(project_file)
    lock.release()


def test_that_a_folder_that_takes_no_lock_is_told(
    project_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_handle: int) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr("lsegdiff_gui.project.lock._lock", refuse)
    with pytest.raises(NoLockError, match=r"cannot lock files \(No locks available\)"):
        ProjectLock.take(project_file)


def test_that_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoLockError, match=r"cannot be written to \(No such file"):
        ProjectLock.take(tmp_path / "gone" / "p.lsegdiff")
