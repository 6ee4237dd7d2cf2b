"""The program as a process on a virtual screen: drawn in with a real mouse, killed, and opened again."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from made.windows import Hand, write_picture

from lsegdiff_gui import places
from lsegdiff_gui.project.store import ProjectError, Store
from lsegdiff_gui.ui import settings

Open = Callable[..., Hand]
pytestmark = pytest.mark.xvfb

_CHECKOUT = Path(__file__).resolve().parents[2]
_PATIENCE = 60.0


@pytest.fixture
def screen() -> Iterator[str]:
    """A virtual screen; its name for DISPLAY."""
    missing = [program for program in ("Xvfb", "xdotool") if shutil.which(program) is None]
    if missing:
        pytest.skip(f"needs {' and '.join(missing)} (apt-get install xvfb xdotool)")
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1440x900x24", "-nolisten", "tcp"],
        pass_fds=[writer],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as numbers:
        number = numbers.readline().strip()
    assert number, "Xvfb is installed and does not start"
    yield f":{number}"
    server.terminate()
    server.wait(10)


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for another process."""
    end = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.05)


class Mouse:
    """A real mouse on the virtual screen."""

    def __init__(self, screen: str) -> None:
        self._environment = {**os.environ, "DISPLAY": screen}

    def tell(self, *words: str) -> str:
        told = subprocess.run(
            ["xdotool", *words],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        return told.stdout.strip()

    def draw(self, x: int, y: int, to_x: int, to_y: int) -> None:
        """A stroke with the left button, with a stop in the middle as a hand makes it."""
        self.tell("mousemove", str(x), str(y), "mousedown", "1")
        self.tell("mousemove", str((x + to_x) // 2), str((y + to_y) // 2))
        self.tell("mousemove", str(to_x), str(to_y), "mouseup", "1")


def painted_steps() -> int:
    """How many steps the project on the disk holds."""
    try:
        with Store.open(places.unnamed_project(), must_exist=True) as store:
            row = store.pictures()[0]
            if not row.width:
                return 0
            return len(store.load_document(row.id, row.width, row.height).history.commands)
    except (ProjectError, IndexError):
        return 0


def test_that_strokes_survive_a_kill(screen: str, tmp_path: Path, open_with: Open) -> None:
    picture = write_picture(tmp_path / "naevus.png", 640, 480)
    settings.save(settings.Settings(notice_accepted=True, annotator_asked=True))
    mouse = Mouse(screen)
    program = subprocess.Popen(
        [sys.executable, "main.py", str(picture)],
        cwd=_CHECKOUT,
        env={**os.environ, "DISPLAY": screen, "QT_QPA_PLATFORM": "xcb", "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until(lambda: mouse.tell("search", "--name", "naevus.png") != "", "the window with the picture")
        # Without a window manager the window lies at the screen's corner; this is in the middle of its canvas.
        x, y = 620, 400
        until(lambda: _drew(mouse, x, y), "the first stroke")
        first = painted_steps()
        mouse.draw(x - 60, y + 60, x + 60, y + 60)
        until(lambda: painted_steps() > first, "the second stroke")
        saved = painted_steps()
        mouse.draw(x - 60, y + 90, x + 60, y + 90)
        program.send_signal(signal.SIGKILL)
        program.wait(10)
    finally:
        program.kill()
        _, errors = program.communicate(timeout=10)
    assert "Traceback" not in errors

    found = painted_steps()
    assert found >= saved >= 2
    hand = open_with([])
    hand.wait_shown("naevus.png")
    assert len(hand.document.history.commands) == found
    assert hand.final.any()
    before = hand.final
    hand.do("edit.undo")
    assert np.count_nonzero(hand.final) < np.count_nonzero(before)


def _drew(mouse: Mouse, x: int, y: int) -> bool:
    """Draw until a stroke has arrived: the picture may come a moment after the title that names it."""
    mouse.draw(x - 60, y, x + 60, y)
    time.sleep(0.3)
    return painted_steps() > 0
