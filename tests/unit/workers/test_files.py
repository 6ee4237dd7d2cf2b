"""File work off the GUI thread: outcomes arrive on the GUI thread, once, and nothing is left behind."""

import gc
import threading
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QThread

from lsegdiff_gui.annotation.instances import Partition
from lsegdiff_gui.formats.export import ExportItem, ExportReport, ExportRequest
from lsegdiff_gui.imaging.read import read_mask
from lsegdiff_gui.imaging.write import write_png
from lsegdiff_gui.workers import files
from lsegdiff_gui.workers.files import FilePool, Found, Loaded

WAIT_MS = 5000


@pytest.fixture
def pool(qapp):
    pool = FilePool()
    yield pool
    assert pool.stop(WAIT_MS)


@pytest.fixture
def picture(tmp_path) -> Path:
    path = tmp_path / "a.png"
    write_png(path, np.full((700, 1200, 3), 50, np.uint8))
    return path


class Gate:
    """Holds a job of the pool until the test lets it go."""

    def __init__(self) -> None:
        self.entered = threading.Semaphore(0)
        self.opened = threading.Event()

    def pass_through(self, *_: object) -> None:
        self.entered.release()
        assert self.opened.wait(WAIT_MS / 1000)


@pytest.fixture
def gate():
    gate = Gate()
    yield gate
    gate.opened.set()


@pytest.fixture
def slow_reads(gate, monkeypatch) -> Gate:
    """Each read waits at the gate before it does its work."""
    read = files.read
    monkeypatch.setattr(files, "read", lambda path, **told: gate.pass_through() or read(path, **told))
    return gate


def recorded(*signals) -> list[tuple[object, ...]]:
    calls: list[tuple[object, ...]] = []
    for signal in signals:
        signal.connect(lambda *arguments: calls.append(arguments))
    return calls


def settle(qtbot, pool: FilePool) -> None:
    qtbot.waitUntil(lambda: not pool.is_busy, timeout=WAIT_MS)


def test_that_a_picture_arrives_with_its_pyramid(qtbot, pool, picture):
    with qtbot.waitSignal(pool.picture_ready, timeout=WAIT_MS) as caught:
        pool.read(7, picture)
    token, loaded = caught.args
    assert token == 7
    assert isinstance(loaded, Loaded)
    assert loaded.pyramid[0] is loaded.picture.rgb8
    assert [level.shape[:2] for level in loaded.pyramid] == [(700, 1200), (350, 600), (175, 300)]


def test_that_a_broken_picture_arrives_as_its_sentence(qtbot, pool, tmp_path):
    (tmp_path / "a.png").write_text("no picture")
    with qtbot.waitSignal(pool.read_failed, timeout=WAIT_MS) as caught:
        pool.read(3, tmp_path / "a.png")
    assert caught.args[0] == 3
    assert caught.args[1].startswith("“a.png” cannot be opened: it is not a picture.")


def test_that_thumbnails_have_the_side_asked_for(qtbot, pool, picture):
    with qtbot.waitSignal(pool.thumbnail_ready, timeout=WAIT_MS) as caught:
        pool.thumbnail(1, picture, side=60)
    assert caught.args[0] == 1
    assert caught.args[1].shape == (35, 60, 3)


def test_that_a_failed_thumbnail_says_so_separately(qtbot, pool, tmp_path):
    with qtbot.waitSignal(pool.thumbnail_failed, timeout=WAIT_MS) as caught:
        pool.thumbnail(1, tmp_path / "gone.png")
    assert "does not exist" in caught.args[1]


def test_that_a_folder_is_scanned(qtbot, pool, picture):
    with qtbot.waitSignal(pool.scanned, timeout=WAIT_MS) as caught:
        pool.scan(2, [picture.parent])
    assert caught.args == [2, Found([picture], {})]


def test_that_pages_are_counted_with_the_scan(qtbot, pool, tmp_path):
    pages = [np.full((6, 8, 3), 50 * number, np.uint8) for number in range(3)]
    (tmp_path / "scan.tif").write_bytes(np.asarray(cv2.imencodemulti(".tif", pages)[1]).tobytes())
    with qtbot.waitSignal(pool.scanned, timeout=WAIT_MS) as caught:
        pool.scan(2, [tmp_path])
    assert caught.args == [2, Found([tmp_path / "scan.tif"], {tmp_path / "scan.tif": 3})]


def test_that_a_folder_without_pictures_is_a_sentence(qtbot, pool, tmp_path):
    with qtbot.waitSignal(pool.scan_failed, timeout=WAIT_MS) as caught:
        pool.scan(2, [tmp_path])
    assert "holds no pictures" in caught.args[1]


def test_that_an_export_reports_its_progress_and_what_it_wrote(qtbot, pool, tmp_path):
    mask = np.eye(6, dtype=np.uint8)
    items = [ExportItem(tmp_path / name, 6, 6, lambda: mask) for name in ("a.png", "b.png")]
    progress = recorded(pool.export_progress)
    with qtbot.waitSignal(pool.export_done, timeout=WAIT_MS) as caught:
        pool.export(5, ExportRequest(tmp_path / "out"), items)
    assert progress == [(5, 0, 2), (5, 1, 2), (5, 2, 2)]
    token, report = caught.args
    assert token == 5
    assert [path.name for path in report.written] == ["a_mask.png", "b_mask.png", "annotations.json"]
    assert np.array_equal(read_mask(report.written[0]), mask)


def test_that_an_export_into_a_place_that_is_no_folder_is_a_sentence(qtbot, pool, picture):
    with qtbot.waitSignal(pool.export_failed, timeout=WAIT_MS) as caught:
        pool.export(5, ExportRequest(picture), [])
    assert "is a file, not a folder" in caught.args[1]


def test_that_receivers_run_on_the_gui_thread_and_the_work_does_not(qtbot, pool, picture, monkeypatch):
    worked_on = []
    read = files.read
    monkeypatch.setattr(
        files, "read", lambda path, **told: worked_on.append(QThread.currentThread()) or read(path, **told)
    )
    received_on = []
    pool.picture_ready.connect(lambda *_: received_on.append(QThread.currentThread()))
    pool.read(1, picture)
    settle(qtbot, pool)
    assert received_on == [pool.thread()]
    assert worked_on != [pool.thread()]


def test_that_a_fault_of_the_program_is_logged_and_told(qtbot, pool, picture, monkeypatch, caplog):
    def fault(_: Path, **_told: object) -> None:
        raise ZeroDivisionError("for the log only")

    monkeypatch.setattr(files, "read", fault)
    with qtbot.waitSignal(pool.read_failed, timeout=WAIT_MS) as caught:
        pool.read(1, picture)
    assert caught.args[1].startswith("A fault in LSegDiff stopped this.")
    assert "for the log only" in caplog.text


def test_that_too_little_memory_is_a_sentence(qtbot, pool, picture, monkeypatch):
    def full(_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(files, "pyramid", full)
    with qtbot.waitSignal(pool.read_failed, timeout=WAIT_MS) as caught:
        pool.read(1, picture)
    assert "not enough memory" in caught.args[1]


def test_that_a_cancelled_read_says_nothing(qtbot, pool, picture, slow_reads):
    calls = recorded(pool.picture_ready, pool.read_failed)
    for token in range(4):  # two under way, two waiting
        pool.read(token, picture)
    for _ in range(2):
        assert slow_reads.entered.acquire(timeout=5)
    for token in (0, 2):
        pool.cancel(token)
    slow_reads.opened.set()
    settle(qtbot, pool)
    assert sorted(token for token, _ in calls) == [1, 3]


def test_that_a_result_already_on_its_way_is_dropped_when_cancelled(qtbot, pool, picture):
    calls = recorded(pool.picture_ready)
    pool.read(1, picture)
    assert pool._reading.waitForDone(WAIT_MS)  # done, but the GUI thread has not heard of it yet
    pool.cancel(1)
    settle(qtbot, pool)
    assert calls == []


def test_that_what_is_visible_comes_first(qtbot, pool, picture, tmp_path, monkeypatch):
    gates = {name: Gate() for name in ("one", "two")}
    read = files.read
    monkeypatch.setattr(files, "read", lambda path, **_told: gates[path.name].pass_through() or read(picture))
    order = recorded(pool.thumbnail_ready)
    for token, (name, gate) in enumerate(gates.items(), start=100):
        pool.read(token, tmp_path / name)
        assert gate.entered.acquire(timeout=5)
    for token, priority in enumerate([1, 3, 2, 5, 4]):
        pool.thumbnail(token, picture, priority=priority)
    gates["one"].opened.set()  # one thread only, so that the order is that of the queue
    qtbot.waitUntil(lambda: len(order) == 5, timeout=WAIT_MS)
    gates["two"].opened.set()
    settle(qtbot, pool)
    assert [token for token, _ in order] == [3, 4, 1, 2, 0]


def test_that_an_export_does_not_keep_pictures_waiting(qtbot, pool, picture, tmp_path, gate):
    def wait_at_gate() -> np.ndarray:
        gate.pass_through()
        return np.ones((2, 2), np.uint8)

    for token in (1, 2, 3):
        item = ExportItem(tmp_path / "x.png", 2, 2, wait_at_gate)
        pool.export(token, ExportRequest(tmp_path / f"out{token}"), [item])
    assert gate.entered.acquire(timeout=5)
    with qtbot.waitSignal(pool.picture_ready, timeout=WAIT_MS):
        pool.read(9, picture)


def test_that_a_cancelled_export_tells_what_it_had_written(qtbot, pool, tmp_path, gate):
    def wait_at_gate() -> np.ndarray:
        gate.pass_through()
        return np.ones((2, 2), np.uint8)

    done = recorded(pool.export_done)
    items = [ExportItem(tmp_path / name, 2, 2, wait_at_gate) for name in ("a", "b")]
    pool.export(1, ExportRequest(tmp_path / "one"), items)
    pool.export(2, ExportRequest(tmp_path / "two"), items)
    assert gate.entered.acquire(timeout=5)
    pool.cancel(1)
    pool.cancel(2)
    gate.opened.set()
    settle(qtbot, pool)
    reports = dict(done)
    assert [path.name for path in reports[1].written] == ["a_mask.png"]
    assert reports[1].cancelled
    assert reports[2] == ExportReport([], [], cancelled=True)


def test_that_stopping_cancels_ends_the_threads_and_stays_quiet(qtbot, qapp, picture):
    pool = FilePool()
    calls = recorded(pool.picture_ready, pool.read_failed)
    for token in range(20):
        pool.read(token, picture)
    assert pool.stop(WAIT_MS)
    assert not pool.is_busy
    pool.read(99, picture)
    qtbot.wait(20)
    assert calls == []
    assert not pool.is_busy


def test_that_stopping_waits_no_longer_than_allowed(qtbot, qapp, picture, slow_reads):
    pool = FilePool()
    pool.read(1, picture)
    assert slow_reads.entered.acquire(timeout=5)
    assert not pool.stop(20)
    slow_reads.opened.set()
    assert pool.stop(WAIT_MS)


def test_that_hundreds_of_requests_are_each_answered_once(qtbot, pool, tmp_path):
    path = tmp_path / "small.png"
    write_png(path, np.zeros((4, 4), np.uint8))
    calls = recorded(pool.thumbnail_ready)
    for token in range(500):
        pool.thumbnail(token, path)
        if token % 50 == 0:
            gc.collect()
    settle(qtbot, pool)
    assert sorted(token for token, _ in calls) == list(range(500))


def test_that_a_finished_request_holds_nothing_any_more(qtbot, pool, picture, gate, slow_reads):
    for token in (1, 2):
        pool.read(token, picture)
    gate.entered.acquire()
    pool.cancel(2)
    gate.opened.set()
    settle(qtbot, pool)
    # PySide keeps the shells of all runnables for ever: what stays in them stays in memory.
    assert [job for job in gc.get_objects() if type(job) is files._Job and vars(job)] == []


def test_that_a_large_picture_is_glimpsed_before_it_is_ready(qtbot, pool, tmp_path):
    path = tmp_path / "large.jpg"
    done, data = cv2.imencode(".jpg", np.full((2100, 3000, 3), 90, np.uint8))
    assert done
    path.write_bytes(data.tobytes())
    order: list[str] = []
    pool.glimpsed.connect(lambda token, _glimpse: order.append(f"glimpse {token}"))
    pool.picture_ready.connect(lambda token, _loaded: order.append(f"picture {token}"))
    with qtbot.waitSignal(pool.picture_ready, timeout=WAIT_MS):
        pool.read(3, path)
    assert order == ["glimpse 3", "picture 3"]


def test_that_instances_are_measured_and_the_plane_is_not_kept(qtbot, pool):
    plane = np.zeros((40, 50), np.uint8)
    plane[2:6, 3:9] = plane[20:22, 30:40] = 1
    with qtbot.waitSignal(pool.instances_found, timeout=WAIT_MS) as found:
        pool.instances(8, plane, Partition())
    token, sizes = found.args
    assert token == 8
    assert [size.pixels for size in sizes] == [24, 20]


def test_that_a_slow_disk_keeps_nobody_waiting(qtbot, pool, picture, monkeypatch):
    # The first read does not come back until it is let go; another picture and the list go on meanwhile.
    let_go, slow = threading.Event(), picture.with_name("slow.png")
    slow.write_bytes(picture.read_bytes())
    usual = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        if path == slow:
            let_go.wait()
        return usual(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    late: list[int] = []
    pool.picture_ready.connect(lambda token, _loaded: late.append(token))
    pool.read(1, slow)
    with qtbot.waitSignal(pool.thumbnail_ready, timeout=WAIT_MS):
        pool.thumbnail(2, picture)
    with qtbot.waitSignal(pool.picture_ready, timeout=WAIT_MS):
        pool.read(3, picture)
    pool.cancel(1)
    let_go.set()
    qtbot.waitUntil(lambda: not pool.is_busy, timeout=WAIT_MS)
    assert late == [3]
