"""Write docs/screenshots/*.png: the real window with the shipped weights on the drawn samples.

Run by `make screenshots`; needs no display.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import cv2
import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from docs.colleague_pictures import take_colleague
from docs.editor_pictures import take_editor
from docs.project_pictures import take_projects
from docs.queue_pictures import take_queue
from lsegdiff_gui import places
from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.ui import theme
from lsegdiff_gui.ui.main_window import MainWindow
from lsegdiff_gui.ui.preferences import Preferences
from lsegdiff_gui.ui.settings import Settings
from lsegdiff_gui.ui.staff import Staff
from lsegdiff_gui.workers.segmenting import LoadSegmenter, SegmenterLike, StepLike, load_segmenter
from resources.draw_samples import draw

_PATIENCE = 120.0
# Whatever the size of the screen, to which the window would fit itself.
_SIZE = (1400, 880)


class Photographer:
    """A window in a home of its own, worked as a person would."""

    def __init__(
        self, app: QApplication, scheme: theme.Scheme, samples: str, model: str, load: LoadSegmenter
    ) -> None:
        theme.apply(app, scheme)
        self._app = app
        settings = Settings(
            theme=scheme, notice_accepted=True, annotator_asked=True, steps=6, brush_radius=9.0
        )
        self.window = MainWindow(Staff.start(load), Preferences(settings))
        self.window.resize(*_SIZE)
        self.window.show()
        # Copies: a picture of the window may say where its pictures lie.
        study = Path(os.environ["LSEGDIFF_HOME"]) / "study"
        shutil.copytree(places.bundled("resources", "samples"), study, dirs_exist_ok=True)
        self.window.start(sorted(study.glob(f"{samples}_*.jpg")))
        self.until(lambda: self.window.session.shown is not None)
        self.window.session.choosing.choose(model)
        # The thumbnails come from their own threads.
        self.rest(0.6)

    def until(self, condition: Callable[[], bool], *, ends_by_error: bool = True) -> None:
        """Let the program run until something has come true; an error that it tells is the end, unless it is meant."""
        end = time.monotonic() + _PATIENCE
        while not condition():
            self._app.processEvents()
            time.sleep(0.005)
            message = self.window.messages.message
            if ends_by_error and message is not None and message.kind == "error":
                raise LSegDiffError(message.sentence)
            if time.monotonic() > end:
                raise TimeoutError("the window did not come so far")

    def rest(self, seconds: float, *, ends_by_error: bool = True) -> None:
        """Let the program run for a while."""
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() > end, ends_by_error=ends_by_error)

    def draft(self) -> None:
        """Draft the shown picture, up to its exact mask."""
        self.begin_draft()
        editing = self.window.session.editing
        self.until(
            lambda: (
                editing.document is not None and editing.document.base.draft is not None and editing.is_exact
            )
        )
        self.window.player.skip()
        self.rest(0.3)

    def begin_draft(self) -> None:
        """Press R."""
        self.window.actions_by_id["draft.run"].trigger()

    def stroke(self, *points: tuple[float, float]) -> None:
        """Paint through points given as shares of the picture's width and height."""
        canvas = self.window.canvas
        view = canvas.view

        def at(point: tuple[float, float]) -> QPoint:
            x, y = view.to_widget(point[0] * view.picture_width, point[1] * view.picture_height)
            return QPoint(round(x), round(y))

        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at(points[0]))
        for point in points[1:]:
            QTest.mouseMove(canvas, at(point))
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at(points[-1]))

    def take(self, path: Path) -> None:
        """Write what is seen."""
        self.rest(0.3)
        self.window.grab().save(str(path))
        print(path)

    def close(self) -> None:
        """Close the window and be rid of it before the next one comes."""
        self.window.close()
        self.window.deleteLater()
        self._app.sendPostedEvents(self.window, QEvent.Type.DeferredDelete.value)


def take_all(app: QApplication, folder: Path, load: LoadSegmenter = load_segmenter) -> None:
    """Write drafting.png, corrected.png, dark.png, light.png, hints.png, opinions.png, doubt.png.

    Those of the editor, of projects and of the list go into folders of their own.

    Raises LSegDiffError without weights.
    """
    for part in ("editing", "projects", "queue"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    with _OwnHome():
        photographer = Photographer(app, "dark", "polyp", "polyp", _slowly(load))
        photographer.begin_draft()
        photographer.until(lambda: photographer.window.panels.draft_panel.bar.value() == 3)
        photographer.take(folder / "drafting.png")
        photographer.close()
    for scheme in ("dark", "light"):
        with _OwnHome():
            photographer = Photographer(app, scheme, "skin", "skin", load)
            photographer.draft()
            photographer.take(folder / f"{scheme}.png")
            if scheme == "light":
                _correct(photographer, "skin_01")
                photographer.take(folder / "corrected.png")
            photographer.close()
    with _OwnHome():
        photographer = Photographer(app, "dark", "skin", "skin", load)
        photographer.draft()
        take_editor(photographer, folder / "editing")
        photographer.close()
    with _OwnHome():
        photographer = Photographer(app, "dark", "polyp", "polyp", load)
        photographer.draft()
        take_colleague(photographer, folder)
        photographer.close()
    with _OwnHome():
        photographer = Photographer(app, "dark", "skin", "skin", load)
        photographer.draft()
        take_projects(photographer, folder / "projects")
        photographer.close()
    with _OwnHome():
        photographer = Photographer(app, "light", "*", "skin", load)
        take_queue(photographer, folder / "queue")
        photographer.close()


def _slowly(load: LoadSegmenter) -> LoadSegmenter:
    """The same weights, resting after each step: a draft is done before a picture of its middle can be taken."""

    def load_slow(model: str, device: str) -> SegmenterLike:
        segmenter = load(model, device)
        sample = segmenter.sample

        def slow_sample(*arguments: Any, **keywords: Any) -> Iterator[StepLike]:
            for step in sample(*arguments, **keywords):
                yield step
                time.sleep(1.0)

        segmenter.sample = slow_sample  # type: ignore[method-assign]
        return segmenter

    return load_slow


def _correct(photographer: Photographer, name: str) -> None:
    """Paint over the largest part that the draft misses, erase the largest that it has too much, smooth the rest."""
    _, truth = draw(name)
    document = photographer.window.session.editing.document
    assert document is not None
    final = document.final_mask()
    photographer.stroke(*_along(truth & (1 - final)))
    photographer.window.actions_by_id["tool.eraser"].trigger()
    photographer.stroke(*_along(final & (1 - truth)))
    for _ in range(3):
        photographer.window.actions_by_id["mask.kernel_up"].trigger()
    photographer.rest(1.0)
    photographer.until(lambda: photographer.window.session.editing.is_exact)


def _along(mask: npt.NDArray[np.uint8]) -> list[tuple[float, float]]:
    """Points along the largest part of a mask (H, W) 0/1, as shares of its width and height."""
    _, parts, stats, _ = cv2.connectedComponentsWithStats(mask)
    ys, xs = np.nonzero(parts == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA])))
    order = np.argsort(xs if np.ptp(xs) > np.ptp(ys) else ys)
    return [
        (float(xs[part].mean()) / mask.shape[1], float(ys[part].mean()) / mask.shape[0])
        for part in np.array_split(order, 9)
    ]


class _OwnHome:
    """The program's folders in a temporary one, so that no picture shows anybody's own work."""

    def __enter__(self) -> None:
        self._before = os.environ.get("LSEGDIFF_HOME")
        self._folder = tempfile.TemporaryDirectory()
        os.environ["LSEGDIFF_HOME"] = self._folder.name

    def __exit__(self, *_: object) -> None:
        if self._before is None:
            del os.environ["LSEGDIFF_HOME"]
        else:
            os.environ["LSEGDIFF_HOME"] = self._before
        self._folder.cleanup()


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 1 when the weights are missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "screenshots", metavar="DIR")
    arguments = parser.parse_args(argv)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    try:
        take_all(app, arguments.out)
    except LSegDiffError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
