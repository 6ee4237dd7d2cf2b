"""The fixtures of tests/guards, proven on bad tests that run in a pytest of their own."""

import os
import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from xml.etree import ElementTree

import pytest

TESTS = Path(__file__).resolve().parents[2]

BAD = {
    "a running thread": (
        """
        from PySide6.QtCore import QThread
        kept = []
        def test_bad():
            kept.append(QThread())
            kept[0].start()
        """,
        "left behind:\n  thread ",
    ),
    "a pool with work": (
        """
        import time
        from PySide6.QtCore import QThreadPool
        kept = []
        def test_bad():
            kept.append(QThreadPool())
            kept[0].start(lambda: time.sleep(0.5))
        """,
        "left behind:\n  thread pool ",
    ),
    "a running timer": (
        """
        from PySide6.QtCore import QTimer
        kept = []
        def test_bad(qapp):
            kept.append(QTimer(interval=10_000))
            kept[0].start()
        """,
        "left behind:\n  timer ",
    ),
    "a single shot still to come": (
        """
        from PySide6.QtCore import QTimer
        def test_bad(qapp):
            QTimer.singleShot(60_000, lambda: None)
        """,
        "left behind:\n  single shot to ",
    ),
    "a window on screen": (
        """
        from PySide6.QtWidgets import QWidget
        kept = []
        def test_bad(qapp):
            kept.append(QWidget())
            kept[0].show()
        """,
        "left behind:\n  window ",
    ),
    "a window never shown": (
        """
        from PySide6.QtWidgets import QWidget
        kept = []
        def test_bad(qapp):
            kept.append(QWidget())
        """,
        "left behind:\n  window ",
    ),
    "a call to another machine": (
        """
        import socket
        def test_bad():
            with socket.socket() as caller:
                caller.connect(("192.0.2.1", 80))
        """,
        "no sockets",
    ),
    "a call whose failure is swallowed": (
        """
        import contextlib, socket
        def test_bad():
            with contextlib.suppress(OSError):
                socket.getaddrinfo("example.org", 80)
        """,
        "reached outside:\n  socket.getaddrinfo ",
    ),
    "an unmarked call to this machine": (
        """
        import socket
        def test_bad():
            with socket.socket() as caller:
                caller.bind(("127.0.0.1", 0))
        """,
        "no sockets",
    ),
    "a marked call to another machine": (
        """
        import pytest, socket
        @pytest.mark.sockets
        def test_bad():
            with socket.socket() as caller:
                caller.connect(("192.0.2.1", 80))
        """,
        "no sockets",
    ),
    "a file outside": (
        """
        from pathlib import Path
        def test_bad():
            Path(__file__).with_name("left.txt").write_text("")
        """,
        "left.txt: outside the test's temporary folders",
    ),
    "a file opened by descriptor outside": (
        """
        import os
        def test_bad():
            os.close(os.open(__file__ + ".left", os.O_CREAT | os.O_WRONLY))
        """,
        ".left: outside the test's temporary folders",
    ),
    "a folder outside": (
        """
        from pathlib import Path
        def test_bad():
            Path(__file__).with_name("left").mkdir()
        """,
        "left: outside the test's temporary folders",
    ),
    "a file moved outside": (
        """
        from pathlib import Path
        def test_bad(tmp_path):
            (tmp_path / "file").touch()
            (tmp_path / "file").replace(Path(__file__).with_name("moved"))
        """,
        "moved: outside the test's temporary folders",
    ),
    "a database outside": (
        """
        import sqlite3
        def test_bad():
            sqlite3.connect(__file__ + ".lsegdiff")
        """,
        ".lsegdiff: outside the test's temporary folders",
    ),
    "a warning in the log": (
        """
        import logging
        def test_bad():
            logging.getLogger("lsegdiff_gui.model").warning("the weights are old")
        """,
        "WARNING lsegdiff_gui.model: the weights are old",
    ),
    "a Python warning": (
        """
        import warnings
        def test_bad():
            warnings.warn("deprecated since yesterday")
        """,
        "UserWarning: deprecated since yesterday",
    ),
    "a warning of Qt": (
        """
        from PySide6.QtCore import qWarning
        def test_bad(qapp):
            qWarning("QPainter::begin: Paint device returned engine == 0")
        """,
        "Paint device returned engine == 0",
    ),
}

GOOD = """
import logging, os, socket, tempfile
from pathlib import Path
import pytest
from PySide6.QtCore import QThread, QThreadPool, QTimer
from PySide6.QtWidgets import QWidget

def test_that_ends_its_thread():
    thread = QThread()
    thread.start()
    thread.quit()
    assert thread.wait(2000)

def test_that_waits_for_its_pool():
    pool = QThreadPool()
    pool.start(lambda: None)
    assert pool.waitForDone(2000)

def test_that_stops_its_timer(qapp):
    timer = QTimer(interval=10_000)
    timer.start()
    timer.stop()

def test_that_deletes_the_receiver_of_a_single_shot(qapp):
    receiver = QWidget()
    QTimer.singleShot(60_000, receiver.update)
    receiver.deleteLater()

def test_that_gives_its_window_to_qtbot(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()

def test_that_drops_its_window(qapp):
    window = QWidget()
    window.itself = window

def test_that_writes_where_it_may(tmp_path):
    (tmp_path / "kept.txt").write_text("")
    with tempfile.TemporaryFile() as file:
        file.write(b"x")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "deep", "deeper").mkdir(parents=True)
        Path(folder, "deep", "file").touch()
    Path("~/settings.json").expanduser().write_text("{}")
    with open(os.devnull, "w") as nothing:
        nothing.write("x")

@pytest.mark.sockets
def test_that_listens_on_the_loopback():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))

def test_that_looks_at_the_log_itself(caplog):
    logging.getLogger("lsegdiff_gui").warning("meant")
    assert caplog.messages == ["meant"]
"""


FOLLOWED_BY_A_GOOD_ONE = """
from PySide6.QtWidgets import QWidget
kept = []

def test_bad(qapp):
    kept.append(QWidget())
    kept[0].show()

def test_good(qapp):
    pass
"""


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What pytest said about each test of this page, "" when it passed; by "FILE::TEST".

    One process judges them all: starting one for each would take a second apiece.
    """
    folder = tmp_path_factory.mktemp("judgement")
    for fault, (source, _sentence) in BAD.items():
        (folder / f"test_{_identifier(fault)}.py").write_text(dedent(source), encoding="utf-8")
    (folder / "test_tidy.py").write_text(GOOD, encoding="utf-8")
    (folder / "test_followed.py").write_text(FOLLOWED_BY_A_GOOD_ONE, encoding="utf-8")
    report = folder / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "conftest", "-p", "no:cacheprovider"]
    options = ["-c", str(TESTS.parent / "pyproject.toml"), f"--rootdir={folder}", f"--junitxml={report}"]
    places = [f"--basetemp={folder / 'temporary'}", str(folder)]
    environment = os.environ | {
        "PYTHONPATH": str(TESTS),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(folder),
    }
    judged = subprocess.run(
        [*command, *options, *places],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert judged.returncode == 1, judged.stdout + judged.stderr
    found: dict[str, str] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        said = [complaint.get("message", "") + (complaint.text or "") for complaint in case]
        found[name] = found.get(name, "") + "\n".join(said)
    return found


def _identifier(fault: str) -> str:
    return re.sub(r"\W+", "_", fault)


@pytest.mark.parametrize("fault", BAD)
def test_that_a_test_fails_for(fault: str, complaints: dict[str, str]) -> None:
    assert BAD[fault][1] in complaints[f"test_{_identifier(fault)}::test_bad"]


def test_that_tidy_tests_pass(complaints: dict[str, str]) -> None:
    tidy = {name: said for name, said in complaints.items() if name.startswith("test_tidy::")}

    assert len(tidy) == GOOD.count("def test_")
    assert set(tidy.values()) == {""}


def test_that_a_leak_is_charged_to_its_own_test_only(complaints: dict[str, str]) -> None:
    assert "left behind:\n  window " in complaints["test_followed::test_bad"]
    assert complaints["test_followed::test_good"] == ""
