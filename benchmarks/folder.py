"""A folder of ten thousand pictures: the first on the screen, a frame of scrolling, and going on to the next.

The pictures are drawn by this benchmark and laid down in a temporary folder; the window is the real one, without a
display offscreen. "work" figures count the time of the window's thread alone: they hold on a busy machine too.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import cv2
import numpy as np
from pictures import drawn_picture
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from real_window import close, main_of, open_window, see, wait

from lsegdiff_gui.annotation.draft import Draft, Provenance
from lsegdiff_gui.imaging.read import identify
from lsegdiff_gui.imaging.write import encode_jpeg
from lsegdiff_gui.project.store import Store
from lsegdiff_gui.ui.main_window import MainWindow

PICTURES = 10_000
# Drawing is dear: so many are drawn, and each file differs from the others in one pixel.
DRAWN = 16
SIZE = (640, 480)
GRID = 256
# Steps of the list and of the canvas that are timed.
SCROLLS = 400
WHEEL_LINES = 3  # of the list, for one turn of the wheel
STEPS = 40
PATIENCE_S = 120.0


def measure(app: QApplication, home: Path, pictures: int) -> dict[str, float]:
    """All figures, in seconds and milliseconds as their names say."""
    folder = home / "pictures"
    write_pictures(folder, pictures)
    figures: dict[str, float] = {"pictures": float(pictures)}

    window = open_window()
    window.start([])
    wait(app, lambda: window.session.opening.is_open)
    began = time.perf_counter()
    window.session.open_paths([folder])
    see(app, window)
    figures["adding_first_s"] = time.perf_counter() - began
    wait(app, lambda: len(window.pictures.view.model().ids) == pictures)  # type: ignore[attr-defined]
    project = window.session.opening.project
    close(app, window)

    give_drafts(project, STEPS + 8)
    window = open_window()
    began = time.perf_counter()
    window.start([])
    see(app, window)
    figures["first_picture_s"] = time.perf_counter() - began
    wait(app, lambda: len(window.pictures.view.model().ids) == pictures)  # type: ignore[attr-defined]

    figures |= next_picture(app, window)
    figures |= scrolling(app, window)
    close(app, window)
    return figures


def write_pictures(folder: Path, pictures: int, size: tuple[int, int] = SIZE) -> None:
    """JPEG files that all differ."""
    folder.mkdir()
    drawn = [
        cv2.resize(drawn_picture(seed=number).rgb8, size, interpolation=cv2.INTER_AREA)
        for number in range(DRAWN)
    ]
    encoded = [encode_jpeg(np.ascontiguousarray(pixels)) for pixels in drawn]
    for number in range(pictures):
        # What stands behind the end of a JPEG is read by nobody, but it is another file.
        (folder / f"picture_{number}.jpg").write_bytes(encoded[number % DRAWN] + number.to_bytes(4, "little"))


def give_drafts(project: Path, count: int) -> None:
    """Drafts for the first pictures, as drafting all would have left them."""
    with Store.open(project) as store:
        for row in store.pictures()[:count]:
            store.set_identity(row.id, *identify(row.path))
            store.place_draft(row.id, made_draft(row.id))


def made_draft(number: int) -> Draft:
    """A disc."""
    plane = np.zeros((GRID, GRID), np.uint8)
    cv2.circle(plane, (GRID // 2 + number % 40, GRID // 2), 60, 255, -1)
    plane = cv2.GaussianBlur(plane, (0, 0), 4).astype(np.uint8)
    origin = Provenance(
        "skin", "0", "skin", "0" * 64, f"{number:064x}", 4, 5, 0, "cpu", "float32", "0", 1.0, "2026-01-01"
    )
    return Draft(plane, np.zeros_like(plane), np.stack([plane] * 5), np.stack([plane] * 4), origin)


def next_picture(app: QApplication, window: MainWindow) -> dict[str, float]:
    """From the key to the end of the paint that shows the next picture and its mask; rests between two keys."""
    times, work = list[float](), list[float]()
    for accept in (False, True):
        for _ in range(STEPS // 2):
            settle(app, window)
            before = window.session.opening.current
            began, worked = time.perf_counter(), time.thread_time()
            if accept:
                QTest.keyClick(window.canvas, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            else:
                QTest.keyClick(window.canvas, Qt.Key.Key_D)
            see(app, window, other_than=before)
            times.append(1000 * (time.perf_counter() - began))
            work.append(1000 * (time.thread_time() - worked))
    return {
        "next_ms": float(np.median(times)),
        "next_p90_ms": float(np.percentile(times, 90)),
        "next_work_ms": float(np.median(work)),
    }


def settle(app: QApplication, window: MainWindow) -> None:
    """As long as a person looks at a picture, at the least."""
    until = time.perf_counter() + 0.4
    wait(app, lambda: time.perf_counter() > until and window.session.keeping.is_idle)


def scrolling(app: QApplication, window: MainWindow) -> dict[str, float]:
    """From a move of the list to the end of its paint: by turns of the wheel, and by its bar dragged through it all."""
    view = window.pictures.view
    bar = view.verticalScrollBar()
    turn = WHEEL_LINES * view.sizeHintForRow(0)
    figures: dict[str, float] = {}
    for name, places in (
        ("scroll", bar.maximum() // 2 + turn * np.arange(SCROLLS)),
        ("drag", np.linspace(0, bar.maximum(), SCROLLS)),
    ):
        bar.setValue(int(places[0]))
        app.processEvents()
        times, work = list[float](), list[float]()
        for place in places[1:].astype(int):
            began, worked = time.perf_counter(), time.thread_time()
            bar.setValue(int(place))
            app.processEvents()
            times.append(1000 * (time.perf_counter() - began))
            work.append(1000 * (time.thread_time() - worked))
        figures[f"{name}_p50_ms"] = float(np.median(times))
        figures[f"{name}_p99_ms"] = float(np.percentile(times, 99))
        figures[f"{name}_work_p99_ms"] = float(np.percentile(work, 99))
    return figures


if __name__ == "__main__":
    sys.exit(main_of("folder", measure, PICTURES, __doc__))
