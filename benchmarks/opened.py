"""Opening pictures through the file worker: until they are seen, and the memory they take while they are worked on.

Run: python benchmarks/opened.py [--json FILE]. A part of the figures of paint.py, in a process of its own.
"""

from __future__ import annotations

import tempfile
import time
from itertools import count
from pathlib import Path

import numpy as np
from drawn_canvas import COLOURS, SIDE, PaintCounter, lesions, send, shown_canvas, skin_like, write_jpeg
from PySide6.QtCore import QEvent, QObject, QPointF
from PySide6.QtWidgets import QApplication
from report import output_file, write_report

from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.imaging.look import LevelsNeed, PictureLook, display_levels
from lsegdiff_gui.imaging.read import Glimpse
from lsegdiff_gui.ui.canvas.canvas import Canvas
from lsegdiff_gui.ui.canvas.comparison import Compare
from lsegdiff_gui.workers.files import FilePool, Loaded

CAMERA = (4000, 3000)
OPENINGS = 5
PAGE_BYTES = 4096
STATM = Path("/proc/self/statm")
SCALES = (0.1, 0.2, 0.4, 0.7, 1.0, 4.0)
ENDING_MS = 10_000


class Opener(QObject):
    """Shows what the file worker brings, as the window does, and notes when it is seen."""

    def __init__(self, app: QApplication, canvas: Canvas, files: FilePool) -> None:
        super().__init__(canvas)
        self._app = app
        self._canvas = canvas
        self._files = files
        self._counter = PaintCounter(canvas)
        self._tokens = count(1)
        self._shown = 0  # paint events when the last pixels came; those after it show them
        self._glimpsed = False
        self.loaded: Loaded | None = None
        files.glimpsed.connect(self._show_glimpse)
        files.picture_ready.connect(self._show)

    def open(self, path: Path) -> tuple[float, float]:
        """Open a picture; seconds from the request to the end of the first painting of it, and of it whole."""
        self._canvas.show_picture(None)
        self._app.processEvents()
        self.loaded, self._glimpsed = None, False
        first = 0.0
        start = time.perf_counter()
        self._files.read(next(self._tokens), path)
        while not self._sees_whole():
            self._app.processEvents()
            if not first and self._sees_glimpse():
                first = time.perf_counter() - start
        whole = time.perf_counter() - start
        return first or whole, whole

    def _sees_glimpse(self) -> bool:
        return self._glimpsed and self._counter.painted > self._shown

    def _sees_whole(self) -> bool:
        return self.loaded is not None and self._counter.painted > self._shown

    def _show_glimpse(self, _token: int, glimpse: Glimpse) -> None:
        self._canvas.show_glimpse(glimpse.rgb8, glimpse.width, glimpse.height)
        self._shown, self._glimpsed = self._counter.painted, True

    def _show(self, _token: int, loaded: Loaded) -> None:
        self._canvas.show_picture(loaded.pyramid[0], loaded.pyramid, keep_view=self._glimpsed)
        self._shown, self.loaded = self._counter.painted, loaded


def main() -> None:
    """Measure, print a table and write the figures."""
    path = output_file(str(__doc__))
    app = QApplication([])
    canvas, files = shown_canvas(app), FilePool()
    opener = Opener(app, canvas, files)
    with tempfile.TemporaryDirectory() as folder:
        camera, large = Path(folder) / "camera.jpg", Path(folder) / "large.jpg"
        write_jpeg(skin_like(*CAMERA), camera)
        write_jpeg(skin_like(SIDE, SIDE), large)
        times = np.array([opener.open(camera) for _ in range(OPENINGS)])
        first, whole = np.median(times, axis=0)
        figures = {"first_pixels_s": float(first), "full_pixels_s": float(whole)}
        if STATM.exists():
            figures |= measure_memory(app, canvas, opener, large)
    files.stop(ENDING_MS)
    canvas.close()
    canvas.deleteLater()
    write_report({"paint": figures}, path)


def measure_memory(app: QApplication, canvas: Canvas, opener: Opener, path: Path) -> dict[str, float]:
    """Resident bytes to a pixel of an open picture that was seen at every scale and painted on; then with all looks."""
    before = resident()
    opener.open(path)
    loaded = opener.loaded
    assert loaded is not None
    document = lesions(SIDE)
    canvas.set_document(document)
    canvas.set_label_colours(COLOURS)
    walk(app, canvas)
    for at in (QPointF(300, 300), QPointF(900, 700)):
        send(canvas, QEvent.Type.MouseButtonPress, at)
        send(canvas, QEvent.Type.MouseButtonRelease, at)
    # Every page of the planes is in use once everything was painted.
    document.edit([(Region.of_mask(np.ones((SIDE, SIDE), np.bool_)), 1)], tool="fill")
    document.undo()
    canvas.refresh()
    walk(app, canvas)
    plain = resident() - before
    canvas.show_draft_mask(document.base_mask)
    canvas.set_comparison(Compare.DIFFERENCE)
    look = PictureLook(local_contrast=50)
    canvas.set_look(look, display_levels(loaded.picture, LevelsNeed.of(look)))
    walk(app, canvas)
    with_all = resident() - before
    return {"bytes_per_pixel": plain / SIDE**2, "bytes_per_pixel_all_looks": with_all / SIDE**2}


def walk(app: QApplication, canvas: Canvas) -> None:
    """See the picture at every scale, so that every level is made."""
    for scale in SCALES:
        canvas.zoom_to(scale)
        app.processEvents()
        while not canvas.is_settled:
            app.processEvents()


def resident() -> int:
    """Bytes of this process that are in memory."""
    return int(STATM.read_text(encoding="utf-8").split()[1]) * PAGE_BYTES


if __name__ == "__main__":
    main()
