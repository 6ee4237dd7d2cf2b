"""What the window calls saved has been synced to the disk before: traced below the program, in the C library."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_TESTS = Path(__file__).resolve().parents[1]

STROKES = 5

PROGRAM = f"""
import os, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QTimer
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.stroke import Stroke
from lsegdiff_gui.workers.store import StoreThread

log = os.open(os.environ["SYNC_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
app = QCoreApplication([])
thread = StoreThread()
document = Document(300, 200)

def draw():
    stroke = Stroke(document, label=1, radius=10, tool="brush")
    stroke.move_to(20 + 40 * document.revision, 50)
    os.write(log, b"sent\\n")
    thread.record(1, stroke.finish(), document.revision)

def saved(_picture, revision):
    os.write(log, b"saved\\n")
    draw() if revision < {STROKES} else app.quit()

thread.saved.connect(saved)
thread.added.connect(lambda _added: draw() if document.revision == 0 else None)
thread.open(Path(sys.argv[1]))
thread.add([Path("a.png").absolute()])
QTimer.singleShot(60000, app.quit)
app.exec()
thread.stop(10000)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a library loaded before the C library")
def test_that_project_and_journal_are_synced_before_saved_is_said(tmp_path: Path) -> None:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("needs a C compiler")
    library, log = tmp_path / "syncs.so", tmp_path / "log"
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-o", library, _TESTS / "made" / "syncs.c", "-ldl"], check=True
    )
    subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "p.lsegdiff")],
        check=True,
        timeout=120,
        cwd=tmp_path,
        env={
            **os.environ,
            "LD_PRELOAD": str(library),
            "SYNC_LOG": str(log),
            "PYTHONPATH": os.pathsep.join([str(_TESTS.parent), str(_TESTS)]),
        },
    )
    # From each stroke to the word that it is saved: what was written and synced, in order.
    strokes = [part.partition("saved\n")[0] for part in log.read_text().split("sent\n")[1:]]
    assert len(strokes) == STROKES
    for told in strokes:
        lines = [line for line in told.splitlines() if line.startswith(("written", "synced"))]
        journal = [line.endswith("p.lsegdiff-journal") for line in lines]
        project = [line.endswith("p.lsegdiff") for line in lines]
        synced = [line.startswith("synced") for line in lines]
        assert any(a and b for a, b in zip(journal, synced, strict=True)), "the journal is not synced"
        last_written = max(place for place, is_it in enumerate(project) if is_it and not synced[place])
        last_synced = max(place for place, is_it in enumerate(project) if is_it and synced[place])
        assert last_synced > last_written, "written after the last sync, and called saved"
        # The journal is on the disk before the first byte of the project changes.
        first_written = min(place for place, is_it in enumerate(project) if is_it and not synced[place])
        assert any(journal[place] and synced[place] for place in range(first_written))
