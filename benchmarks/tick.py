"""How late the window's thread is while 20 pictures are drafted: the lateness of its 10 ms timer."""

import sys
import time

import numpy as np
from pictures import drawn_picture
from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer
from report import output_file, write_report

from lsegdiff_gui.workers.draft_queue import DraftJob, Priority
from lsegdiff_gui.workers.inference import InferenceThread

TICK_MS = 10
PICTURES = 20
LONGEST_MS = 300_000
ENDING_MS = 10_000


class Lateness(QObject):
    """Ticks while the pictures are drafted, and ends the event loop after the last."""

    def __init__(self, inference: InferenceThread) -> None:
        super().__init__()
        self.late_ms: list[float] = []
        self.failures: list[str] = []
        self._inference = inference
        self._left = PICTURES
        self._last = 0.0
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        inference.model_ready.connect(self._start)
        inference.model_failed.connect(self._give_up)
        inference.drafted.connect(self._one_done)
        inference.failed.connect(self._one_failed)
        inference.load("polyp")

    def _start(self, _model: object) -> None:
        for number in range(PICTURES):
            picture = drawn_picture(seed=number)
            self._inference.draft(DraftJob(number, number, picture, "polyp", priority=Priority.BATCH))
        self._last = time.perf_counter()
        self._timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.late_ms.append(max(0.0, (now - self._last) * 1000 - TICK_MS))
        self._last = now

    def _one_done(self, _job: int, _draft: object) -> None:
        self._left -= 1
        if self._left == 0:
            self._timer.stop()
            QCoreApplication.quit()

    def _one_failed(self, job: int, sentence: str) -> None:
        self.failures.append(sentence)
        self._one_done(job, None)

    def run_out_of_time(self) -> None:
        """End without figures."""
        self._give_up(f"{self._left} of {PICTURES} pictures were not drafted in {LONGEST_MS // 1000} s.")

    def _give_up(self, sentence: str) -> None:
        self.failures.append(sentence)
        QCoreApplication.quit()


def main() -> int:
    """Measure and report; 1 when a draft failed or time ran out."""
    path = output_file(__doc__ or "")
    application = QCoreApplication(sys.argv[:1])
    inference = InferenceThread()
    lateness = Lateness(inference)
    QTimer.singleShot(LONGEST_MS, lateness, lateness.run_out_of_time)
    application.exec()
    inference.stop(ENDING_MS)
    if lateness.failures:
        print("\n".join(lateness.failures), file=sys.stderr)
        return 1
    late = np.array(lateness.late_ms)
    figures = {
        "p99_ms": float(np.percentile(late, 99)),
        "worst_ms": float(late.max()),
        "ticks": float(len(late)),
    }
    write_report({"tick": figures}, path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
