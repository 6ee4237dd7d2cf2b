"""Following interactive jobs."""

from itertools import count

import pytest
from made.drafts import draft
from made.inference import MadeInference
from made.segmenters import MadeStep, picture

from lsegdiff_gui.ui.drafting import Drafting, Outcome
from lsegdiff_gui.ui.panels.draft_panel import DraftSettings, Progress
from lsegdiff_gui.workers.inference import Cancelled


@pytest.fixture
def inference(qapp: object) -> MadeInference:
    return MadeInference()


@pytest.fixture
def drafting(inference: MadeInference) -> Drafting:
    return Drafting(inference, count(1))  # type: ignore[arg-type]


class Log:
    def __init__(self, drafting: Drafting) -> None:
        self.progress: list[str] = []
        self.outcomes: list[Outcome] = []
        self.ended: list[int] = []
        self.failed: list[str] = []
        drafting.progressed.connect(lambda _id, progress: self.progress.append(progress.words))
        drafting.finished.connect(self.outcomes.append)
        drafting.ended.connect(self.ended.append)
        drafting.failed.connect(lambda _id, sentence: self.failed.append(sentence))


SETTINGS = DraftSettings("skin", 4, 5, 3, "cpu")


def step(index: int) -> MadeStep:
    return MadeStep(index, 4, draft().film[0])


def test_that_a_job_carries_every_setting(drafting: Drafting, inference: MadeInference) -> None:
    drafting.draft(7, picture(), SETTINGS, replaces=False)
    (job,) = inference.jobs
    assert (job.picture_id, job.model, job.steps, job.samples, job.seed, job.device) == (
        7,
        "skin",
        4,
        5,
        3,
        "cpu",
    )


def test_that_progress_is_told_from_the_queue_to_the_last_step(
    drafting: Drafting, inference: MadeInference
) -> None:
    log = Log(drafting)
    drafting.draft(7, picture(), SETTINGS, replaces=True)
    inference.loading.emit("skin")
    inference.started.emit(1)
    inference.step_ready.emit(1, step(1))
    assert drafting.progress_of(7) == Progress("Step 1 of 4", 1, 4)
    inference.drafted.emit(1, draft())
    assert log.progress == [
        "Waiting for the model…",
        "Loading the weights…",
        "Looking at the picture…",
        "Step 1 of 4",
    ]
    assert log.outcomes == [Outcome(7, draft(), True)]
    assert log.ended == [7]
    assert drafting.progress_of(7) is None


def test_that_a_stopped_job_gives_what_it_had(drafting: Drafting, inference: MadeInference) -> None:
    log = Log(drafting)
    drafting.draft(7, picture(), SETTINGS, replaces=False)
    assert drafting.stop(7)
    assert inference.cancels == [1]
    inference.cancelled.emit(1, Cancelled(inference.jobs[0], draft()))
    assert [outcome.stopped_at for outcome in log.outcomes] == [4]
    assert not drafting.stop(7)


def test_that_a_job_stopped_before_its_first_step_gives_nothing(
    drafting: Drafting, inference: MadeInference
) -> None:
    log = Log(drafting)
    drafting.draft(7, picture(), SETTINGS, replaces=False)
    drafting.stop(7)
    inference.cancelled.emit(1, Cancelled(inference.jobs[0], None))
    assert (log.outcomes, log.ended) == ([], [7])


def test_that_asking_again_drops_the_draft_that_was_under_way(
    drafting: Drafting, inference: MadeInference
) -> None:
    log = Log(drafting)
    drafting.draft(7, picture(), SETTINGS, replaces=False)
    drafting.draft(7, picture(), SETTINGS, replaces=False)
    assert inference.cancels == [1]
    inference.step_ready.emit(1, step(4))
    inference.drafted.emit(1, draft(1))
    assert log.outcomes == []
    inference.drafted.emit(2, draft(2))
    assert [outcome.draft for outcome in log.outcomes] == [draft(2)]


def test_that_a_failure_is_a_sentence_and_the_end(drafting: Drafting, inference: MadeInference) -> None:
    log = Log(drafting)
    drafting.draft(7, picture(), SETTINGS, replaces=False)
    inference.failed.emit(1, "No weights.")
    assert (log.failed, log.ended) == (["No weights."], [7])


def test_that_other_peoples_jobs_are_left_alone(drafting: Drafting, inference: MadeInference) -> None:
    log = Log(drafting)
    inference.started.emit(99)
    inference.step_ready.emit(99, step(1))
    inference.drafted.emit(99, draft())
    inference.failed.emit(99, "x")
    assert (log.progress, log.outcomes, log.ended, log.failed) == ([], [], [], [])
