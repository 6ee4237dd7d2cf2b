"""Drafting many pictures in the background."""

from itertools import count

import pytest
from made.drafts import draft
from made.inference import MadeInference
from made.rows import row

from lsegdiff_gui.annotation.findings import Findings
from lsegdiff_gui.ui.batch import Batch, Drafted
from lsegdiff_gui.ui.batch_progress import BatchProgress
from lsegdiff_gui.ui.panels.draft_panel import DraftSettings
from lsegdiff_gui.workers.draft_queue import Priority
from lsegdiff_gui.workers.inference import Cancelled, PictureIdentity

SETTINGS = DraftSettings("polyp")
FOUND = PictureIdentity("ab" * 32, 40, 30, 1)


@pytest.fixture
def inference(qapp: object) -> MadeInference:
    return MadeInference()


@pytest.fixture
def batch(inference: MadeInference) -> Batch:
    return Batch(inference, count(1))  # type: ignore[arg-type]


class Log:
    def __init__(self, batch: Batch) -> None:
        self.progress: list[BatchProgress | None] = []
        self.finished: list[Drafted] = []
        self.summaries: list[str] = []
        self.working: list[tuple[int, bool]] = []
        batch.progressed.connect(self.progress.append)
        batch.finished.connect(self.finished.append)
        batch.summed_up.connect(self.summaries.append)
        batch.working.connect(lambda picture_id, on: self.working.append((picture_id, on)))


def finish(inference: MadeInference, job_id: int) -> None:
    inference.started.emit(job_id)
    inference.picture_read.emit(job_id, FOUND)
    inference.drafted.emit(job_id, draft(job_id))


def test_that_two_pictures_are_sent_ahead_at_the_lowest_priority(
    batch: Batch, inference: MadeInference
) -> None:
    batch.start([row(number) for number in range(1, 6)], SETTINGS)
    assert [job.picture_id for job in inference.jobs] == [1, 2]
    assert {job.priority for job in inference.jobs} == {Priority.BATCH}
    finish(inference, 1)
    assert [job.picture_id for job in inference.jobs] == [1, 2, 3]


def test_that_progress_counts_and_the_end_is_summed_up(batch: Batch, inference: MadeInference) -> None:
    log = Log(batch)
    batch.start([row(1), row(2)], SETTINGS)
    finish(inference, 1)
    finish(inference, 2)
    assert [progress.done for progress in log.progress if progress] == [0, 1]
    assert log.progress[-1] is None
    assert log.finished == [Drafted(1, draft(1), FOUND), Drafted(2, draft(2), FOUND)]
    assert log.working == [(1, True), (1, False), (2, True), (2, False)]
    assert log.summaries == ["Drafted 2 pictures."]


def test_that_a_bad_picture_is_counted_and_the_others_go_on(batch: Batch, inference: MadeInference) -> None:
    log = Log(batch)
    batch.start([row(1), row(2)], SETTINGS)
    inference.failed.emit(1, "cut short")
    finish(inference, 2)
    assert log.summaries == ["Drafted 1 picture; 1 is marked in the list, for it could not be drafted."]


def test_that_the_sum_tells_what_to_look_at(batch: Batch, inference: MadeInference) -> None:
    log = Log(batch)
    found = [Findings(0.1, 0.5), Findings(0.1, 2.0), Findings(0.9, 0.5)]
    for _ in range(2):  # the second batch counts anew
        batch.start([row(number) for number in range(1, 5)], SETTINGS)
        for job, findings in zip(inference.jobs, found, strict=False):
            inference.picture_read.emit(job.id, FOUND)
            made = draft(job.id, presence=findings.presence, strangeness=findings.strangeness)
            inference.drafted.emit(job.id, made)
        inference.failed.emit(inference.jobs[-1].id, "cut short")
        inference.jobs.clear()
    summary = (
        "Drafted 3 pictures: 2 without a lesion, 1 of an unfamiliar kind; "
        "1 is marked in the list, for it could not be drafted."
    )
    assert log.summaries == [summary, summary]


def test_that_stopping_sends_no_more(batch: Batch, inference: MadeInference) -> None:
    batch.start([row(number) for number in range(1, 6)], SETTINGS)
    batch.stop()
    assert inference.cancels == [1, 2]
    for job in list(inference.jobs):
        inference.cancelled.emit(job.id, Cancelled(job, None))
    assert len(inference.jobs) == 2
    assert not batch.is_running


def test_that_without_weights_one_sentence_ends_it_all(batch: Batch, inference: MadeInference) -> None:
    log = Log(batch)
    failed: list[int] = []
    batch.failed.connect(lambda picture_id, _sentence: failed.append(picture_id))
    batch.start([row(number) for number in range(1, 6)], SETTINGS)
    inference.model_failed.emit("The weights are not there.")
    inference.failed.emit(1, "The weights are not there.")
    inference.failed.emit(2, "The weights are not there.")
    assert not batch.is_running
    assert len(inference.jobs) == 2
    assert (log.finished, log.summaries, failed) == ([], [], [])


def test_that_pictures_asked_for_twice_are_drafted_once(batch: Batch, inference: MadeInference) -> None:
    batch.start([row(1), row(2), row(3)], SETTINGS)
    batch.start([row(3), row(4)], SETTINGS)
    for job_id in range(1, 5):
        finish(inference, job_id)
    assert [job.picture_id for job in inference.jobs] == [1, 2, 3, 4]


def test_that_a_paused_batch_finishes_what_is_under_way_and_sends_no_more(
    batch: Batch, inference: MadeInference
) -> None:
    log = Log(batch)
    batch.start([row(number) for number in range(1, 5)], SETTINGS)
    batch.pause(True)
    finish(inference, 1)
    finish(inference, 2)
    assert [job.picture_id for job in inference.jobs] == [1, 2]
    assert log.progress[-1] == BatchProgress(2, 4, None, is_paused=True)
    assert batch.is_running
    batch.pause(False)
    assert [job.picture_id for job in inference.jobs] == [1, 2, 3, 4]


def test_that_pausing_nothing_pauses_nothing(batch: Batch, inference: MadeInference) -> None:
    batch.pause(True)
    batch.start([row(1)], SETTINGS)
    assert [job.picture_id for job in inference.jobs] == [1]


def test_that_a_stopped_pause_ends_the_batch(batch: Batch, inference: MadeInference) -> None:
    log = Log(batch)
    batch.start([row(number) for number in range(1, 5)], SETTINGS)
    batch.pause(True)
    finish(inference, 1)
    finish(inference, 2)
    batch.stop()
    assert not batch.is_running
    assert log.progress[-1] is None
    batch.start([row(9)], SETTINGS)
    assert inference.jobs[-1].picture_id == 9


def test_that_what_failed_is_kept_with_its_sentence_and_can_be_tried_again(
    batch: Batch, inference: MadeInference
) -> None:
    log = Log(batch)
    batch.start([row(1), row(2)], SETTINGS)
    inference.failed.emit(1, "cut short")
    finish(inference, 2)
    assert batch.failures == [(row(1), "cut short")]
    batch.retry()
    assert batch.is_running
    finish(inference, 3)
    assert batch.failures == []
    assert log.summaries[-1] == "Drafted 1 picture."


def test_that_a_picture_tried_again_while_others_run_counts_once(
    batch: Batch, inference: MadeInference
) -> None:
    log = Log(batch)
    batch.start([row(1), row(2), row(3)], SETTINGS)
    inference.failed.emit(1, "cut short")
    batch.retry()
    for job_id in (2, 3, 4):
        finish(inference, job_id)
    assert {progress.total for progress in log.progress if progress} == {3}
    assert log.summaries == ["Drafted 3 pictures."]
