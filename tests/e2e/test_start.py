"""The start: the window first, torch after it; the notice once; files from the command line."""

import os
import subprocess
import sys
from pathlib import Path

from made.windows import write_picture

_CHECKOUT = Path(__file__).resolve().parents[2]


def run(code: str, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python code as a program of its own, with the window offscreen."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "LSEGDIFF_HOME": str(home)}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=_CHECKOUT,
    )


SHOWN_BEFORE_TORCH = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from lsegdiff_gui.ui import app, main_window, settings
settings.save(settings.Settings(notice_accepted=True, annotator_asked=True))
real = main_window.MainWindow.showEvent
def look(window):
    print("visible", window.isVisible(), "torch", "torch" in sys.modules)
    window.close()
def shown(window, event):
    real(window, event)
    QTimer.singleShot(0, window, lambda: look(window))
main_window.MainWindow.showEvent = shown
sys.exit(app.main(sys.argv[1:]))
"""


def test_that_the_window_is_on_the_screen_before_torch_is_imported(tmp_path: Path) -> None:
    ended = run(SHOWN_BEFORE_TORCH, tmp_path / "home")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip() == "visible True torch False"


ON_WINDOWS = """
import argparse, logging, os, pathlib, sys, types
from importlib.machinery import ModuleSpec
class Watch:
    def find_spec(self, name, path=None, target=None):
        if name == "torch":
            return ModuleSpec(name, self)
        if name == "PySide6":
            print("torch" in sys.modules)
            sys.exit(0)
    def create_module(self, spec):
        return types.ModuleType("torch")
    def exec_module(self, module):
        pass
sys.meta_path.insert(0, Watch())
sys.platform = "win32"
import lsegdiff_gui.ui.app
"""


def test_that_on_windows_torch_comes_before_qt(tmp_path: Path) -> None:
    ended = run(ON_WINDOWS, tmp_path / "home")
    assert ended.stdout.strip() == "True", ended.stderr


FIRST_RUN = """
import sys
from PySide6.QtCore import QTimer
from lsegdiff_gui.ui import app, main_window, settings
from lsegdiff_gui.ui.dialogs.notice import NoticeDialog
answer, *files = sys.argv[1:]
real = main_window.MainWindow.__init__
def made(window, *arguments):
    real(window, *arguments)
    poll = QTimer(window)
    def look():
        dialog = window.asking.dialog
        if isinstance(dialog, NoticeDialog):
            print("notice")
            dialog.accept() if answer == "accept" else dialog.reject()
        elif window.session.shown is not None:
            print("shown", window.session.shown.row.path.name)
            poll.stop()
            window.close()
    poll.timeout.connect(look)
    poll.start(20)
main_window.MainWindow.__init__ = made
sys.exit(app.main(files))
"""


def test_that_the_notice_is_shown_once_and_then_the_named_files_are_opened(tmp_path: Path) -> None:
    picture = write_picture(tmp_path / "naevus.png")
    first = run(FIRST_RUN, tmp_path / "home", "accept", str(picture))
    assert first.stdout.split("\n")[:2] == ["notice", "shown naevus.png"], first.stderr
    second = run(FIRST_RUN, tmp_path / "home", "accept")
    assert second.stdout.strip() == "shown naevus.png", second.stderr
    assert first.returncode == second.returncode == 0


def test_that_whoever_does_not_accept_the_notice_leaves(tmp_path: Path) -> None:
    ended = run(FIRST_RUN, tmp_path / "home", "reject")
    assert ended.stdout.strip() == "notice"
    assert ended.returncode == 0


def test_that_the_last_crash_is_told_at_the_next_start(tmp_path: Path) -> None:
    crash = """
import ctypes, sys
from PySide6.QtCore import QTimer
from lsegdiff_gui.ui import app, main_window
main_window.MainWindow.start = lambda window, paths: None
QTimer.singleShot(0, lambda: None)
real = main_window.MainWindow.showEvent
def shown(window, event):
    real(window, event)
    QTimer.singleShot(0, window, lambda: ctypes.string_at(0))
main_window.MainWindow.showEvent = shown
app.main([])
"""
    home = tmp_path / "home"
    assert run(crash, home).returncode < 0
    assert "Segmentation fault" in (home / "log" / "crash.log").read_text()
    tell = """
import sys
from lsegdiff_gui.ui import app, main_window
def begin(window, files):
    print(window.messages.message.sentence)
    window.close()
app._begin = begin
sys.exit(app.main([]))
"""
    ended = run(tell, home)
    assert "ended unexpectedly" in ended.stdout, ended.stderr
    assert ended.returncode == 0


def test_that_whoever_agreed_before_it_was_asked_is_asked_once_who_annotates(tmp_path: Path) -> None:
    picture = write_picture(tmp_path / "naevus.png")
    agree = "from lsegdiff_gui.ui import settings; settings.save(settings.Settings(notice_accepted=True))"
    assert run(agree, tmp_path / "home").returncode == 0
    first = run(NAMED, tmp_path / "home", "Ada", str(picture))
    assert first.stdout.split() == ["asked", "shown", "Ada"], first.stderr
    second = run(NAMED, tmp_path / "home", "Ada", str(picture))
    assert second.stdout.split() == ["shown", "Ada"], second.stderr


NAMED = """
import sys
from PySide6.QtCore import QTimer
from lsegdiff_gui.ui import app, main_window
from lsegdiff_gui.ui.dialogs.annotator import AnnotatorDialog
name, *files = sys.argv[1:]
real = main_window.MainWindow.__init__
def made(window, *arguments):
    real(window, *arguments)
    poll = QTimer(window)
    def look():
        dialog = window.asking.dialog
        if isinstance(dialog, AnnotatorDialog):
            print("asked")
            dialog._name.setText(name)
            dialog.accept()
        elif window.session.shown is not None:
            print("shown", window.preferences.settings.annotator)
            poll.stop()
            window.close()
    poll.timeout.connect(look)
    poll.start(20)
main_window.MainWindow.__init__ = made
sys.exit(app.main(files))
"""
