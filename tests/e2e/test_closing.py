"""Closing the window, whatever is going on."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from made.segmenters import MadeSegmenter
from made.windows import Hand
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from lsegdiff_gui.project.store import Store

Open = Callable[..., Hand]


def test_that_closing_during_a_draft_waits_for_a_step_and_no_longer(
    open_with: Open, pictures: list[Path]
) -> None:
    hand = open_with(pictures, MadeSegmenter(seconds=0.1), steps=50)
    hand.wait_shown("naevus_0.png")
    hand.do("draft.run")
    hand.choose_model()
    hand.wait(lambda: hand.window.panels.draft_panel.words.text().startswith("Step"))
    began = time.monotonic()
    hand.window.close()
    assert time.monotonic() - began < 3
    assert hand.window.still_running == []


def test_that_a_thread_that_would_not_end_is_named_and_not_destroyed(
    open_with: Open, pictures: list[Path], monkeypatch: object
) -> None:
    segmenter = MadeSegmenter(hold=True)
    hand = open_with(pictures, segmenter)
    hand.wait_shown("naevus_0.png")
    hand.do("draft.run")
    hand.choose_model()
    hand.wait(lambda: len(segmenter.encoded) == 1)
    assert hand.window.session.staff.stop(300) == ["inference"]
    segmenter.let(4)
    hand.window.close()
    assert hand.window.still_running == []


def test_that_an_open_stroke_is_kept_when_the_window_closes(
    open_with: Open, pictures: list[Path], tmp_path: Path
) -> None:
    from lsegdiff_gui import places

    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    canvas = hand.window.canvas
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, hand.at(30, 30))
    QTest.mouseMove(canvas, hand.at(60, 30))
    hand.window.close()
    with Store.open(places.unnamed_project(), must_exist=True) as store:
        row = store.pictures()[0]
        assert store.load_document(row.id, row.width, row.height).override[30, 45] == 1


def test_that_the_program_ends_with_success_when_its_window_is_closed_while_drafting(tmp_path: Path) -> None:
    code = f"""
import os, sys
sys.path[:0] = [{str(Path(__file__).parents[1])!r}]
from pathlib import Path
from PySide6.QtCore import QTimer
from made.segmenters import MadeSegmenter
from made.windows import write_picture
from lsegdiff_gui.ui import app, main_window, settings
picture = write_picture(Path({str(tmp_path)!r}) / "naevus.png")
settings.save(settings.Settings(notice_accepted=True, annotator_asked=True, steps=50))
real = main_window.MainWindow.start
def start(window, paths):
    real(window, paths)
    session = window.session
    session.opening.shown.connect(lambda shown: (session.choosing.choose("skin"), session.draft(lambda then: None)))
    session.drafting.stepped.connect(lambda *_: QTimer.singleShot(0, window.close))
main_window.MainWindow.start = start
sys.exit(app.main([str(picture)], lambda model, device: MadeSegmenter(seconds=0.05)))
"""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "LSEGDIFF_HOME": str(tmp_path / "home")}
    ended = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert "Traceback" not in ended.stderr
    assert (tmp_path / "home" / "log" / "crash.log").read_text() == ""
