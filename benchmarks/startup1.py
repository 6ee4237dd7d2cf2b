"""How long from the start of the process to the window's first paint, and to the first draft's last step.

The program is started as a user starts it, with one picture, in a home of its own; the measuring process only
watches its events and presses R. Without a display it paints offscreen.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from report import output_file, write_report

CHECKOUT = Path(__file__).resolve().parents[1]
RUNS = 1
LONGEST_S = 120
POLL_MS = 5
WATCHED = "--watched"


def main() -> int:
    """Start the program a few times and report the medians; 1 when it did not come to a draft."""
    path = output_file(__doc__ or "")
    runs = [run for run in (_run() for _ in range(RUNS)) if run is not None]
    if len(runs) < RUNS:
        print(f"{RUNS - len(runs)} of {RUNS} starts came to no draft.", file=sys.stderr)
        return 1
    figures = {key: statistics.median(run[key] for run in runs) for key in ("window_s", "first_draft_s")}
    write_report({"startup": figures}, path)
    return 0


def _run() -> dict[str, float] | None:
    """Start the program once. Returns its times in seconds since then."""
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"LSEGDIFF_HOME": home}
        if not environment.get("DISPLAY") and not environment.get("WAYLAND_DISPLAY"):
            environment["QT_QPA_PLATFORM"] = "offscreen"
        _prepare(Path(home), environment)
        picture = CHECKOUT / "resources" / "samples" / "polyp_01.jpg"
        command = [sys.executable, __file__, WATCHED, str(picture)]
        began = time.monotonic()
        ended = subprocess.run(
            [*command, str(began)], env=environment, stdout=subprocess.PIPE, text=True, timeout=LONGEST_S
        )
    last = ended.stdout.splitlines()[-1:] or [""]
    return json.loads(last[0]) if last[0].startswith("{") else None


def _prepare(home: Path, environment: dict[str, str]) -> None:
    """Answer what the program asks only once: the notice, and which model."""
    answers = (
        "from dataclasses import replace\n"
        "from lsegdiff_gui import places\n"
        "from lsegdiff_gui.project.store import Store\n"
        "from lsegdiff_gui.ui import settings\n"
        "settings.save(replace(settings.load().settings, notice_accepted=True, annotator_asked=True))\n"
        "with Store.open(places.unnamed_project()) as store:\n"
        "    store.set_value('model', 'polyp')\n"
    )
    subprocess.run([sys.executable, "-c", answers], env=environment, cwd=CHECKOUT, check=True)


def watched(picture: str, began: float) -> None:
    """Run the program's own main in this process and print when it painted and drafted."""
    from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QApplication, QMainWindow

    times: dict[str, float] = {}

    def since() -> float:
        return time.monotonic() - began

    class Watcher(QObject):
        """Sees the first paint, presses R when a picture is shown, and ends the program after the draft."""

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and isinstance(watched, QMainWindow):
                QCoreApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
                QTimer.singleShot(0, self, lambda: self._painted(watched))
            return False

        def _painted(self, window: QMainWindow) -> None:
            times["window_s"] = since()
            self._window = window
            self._draft_when_possible()

        def _draft_when_possible(self) -> None:
            draft = self._window.findChild(QAction, "draft.run")
            if draft is not None and draft.isEnabled():
                draft.trigger()
            else:
                QTimer.singleShot(POLL_MS, self, self._draft_when_possible)

        def drafted(self, *_: object) -> None:
            times["first_draft_s"] = since()
            self._window.close()

    watcher = Watcher()
    _call_after(QApplication, "__init__", lambda application: application.installEventFilter(watcher))

    from lsegdiff_gui.workers.inference import InferenceThread

    _call_after(InferenceThread, "__init__", lambda thread: thread.drafted.connect(watcher.drafted))

    from lsegdiff_gui.ui.app import main as start

    start([picture])
    print(json.dumps(times), flush=True)


def _call_after(kind: Any, name: str, then: Callable[[Any], object]) -> None:
    """Have `then` called with the object after each call of a method."""
    original = getattr(kind, name)

    def called(self: Any, *arguments: Any, **keywords: Any) -> None:
        original(self, *arguments, **keywords)
        then(self)

    setattr(kind, name, called)


if __name__ == "__main__":
    if WATCHED in sys.argv:
        watched(sys.argv[2], float(sys.argv[3]))
    else:
        sys.exit(main())
