"""An inference thread without a thread: the test says what it says, and when."""

from PySide6.QtCore import QObject, Signal

from lsegdiff_gui.workers.draft_queue import DraftJob


class MadeInference(QObject):
    """The signals of InferenceThread, and a list of what was asked of it."""

    loading = Signal(str)
    model_ready = Signal(object)
    model_failed = Signal(str)
    started = Signal(int)
    picture_read = Signal(int, object)
    step_ready = Signal(int, object)
    drafted = Signal(int, object)
    cancelled = Signal(int, object)
    failed = Signal(int, str)
    guessed = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        self.jobs: list[DraftJob] = []
        self.cancels: list[int | None] = []
        self.loads: list[tuple[str, str]] = []
        self.guesses: list[int] = []

    def draft(self, job: DraftJob) -> None:
        self.jobs.append(job)

    def cancel(self, job_id: int | None = None) -> None:
        self.cancels.append(job_id)

    def load(self, model: str, device: str = "auto") -> None:
        self.loads.append((model, device))

    def guess(self, token: int, _rgb8: object) -> None:
        self.guesses.append(token)
