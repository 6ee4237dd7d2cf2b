"""The order in which drafts are made."""

from pathlib import Path

from made.segmenters import picture

from lsegdiff_gui.workers.draft_queue import DraftJob, DraftQueue, Priority


def job(number: int, priority: Priority = Priority.INTERACTIVE) -> DraftJob:
    return DraftJob(number, number, Path(f"{number}.png"), "skin", priority=priority)


def test_that_the_most_urgent_job_comes_first_whenever_it_was_put() -> None:
    queue = DraftQueue()
    queue.put(job(1, Priority.BATCH))
    queue.put(job(2, Priority.INTERACTIVE))
    assert queue.most_urgent() == job(2)


def test_that_equally_urgent_jobs_keep_their_order() -> None:
    queue = DraftQueue()
    for number in (5, 3, 4):
        queue.put(job(number, Priority.BATCH))
    assert queue.most_urgent() == job(5, Priority.BATCH)
    queue.finish(5)
    assert queue.most_urgent() == job(3, Priority.BATCH)


def test_that_a_cancelled_job_is_handed_out_once_and_served_no_more() -> None:
    queue = DraftQueue()
    queue.put(job(1))
    queue.cancel(1)
    assert queue.most_urgent() is None
    assert queue.take_cancelled() == [job(1)]
    assert queue.take_cancelled() == []


def test_that_cancelling_everything_empties_the_queue() -> None:
    queue = DraftQueue()
    queue.put(job(1))
    queue.put(job(2, Priority.BATCH))
    queue.cancel()
    assert len(queue) == 0
    assert {cancelled.id for cancelled in queue.take_cancelled()} == {1, 2}


def test_that_cancelling_a_job_nobody_put_is_passed_over() -> None:
    queue = DraftQueue()
    queue.cancel(9)
    assert queue.take_cancelled() == []


def test_that_a_closed_queue_offers_nothing() -> None:
    queue = DraftQueue()
    queue.put(job(1))
    queue.close()
    assert queue.closed
    assert queue.most_urgent() is None


def test_that_a_job_is_named_by_its_file() -> None:
    assert DraftJob(1, 1, Path("a") / "naevus.png", "skin").name == "naevus.png"
    assert DraftJob(1, 1, picture(), "skin").name == "this picture"
