"""The inference thread, driven by a segmenter that stops where the test wants."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from made.segmenters import MadeSegmenter, picture
from pytestqt.qtbot import QtBot

from lsegdiff_gui.annotation.findings import Findings
from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.imaging.write import write_png
from lsegdiff_gui.workers.draft_queue import DraftJob, Priority
from lsegdiff_gui.workers.inference import Cancelled, InferenceThread, PictureIdentity

Start = Callable[..., InferenceThread]


@pytest.fixture
def start(qapp: object) -> Iterator[Start]:
    """Starts a thread around a segmenter, and ends it after the test."""
    threads: list[InferenceThread] = []

    def begin(segmenter: MadeSegmenter | Callable[[str, str], MadeSegmenter]) -> InferenceThread:
        load = segmenter if callable(segmenter) else lambda _model, _device: segmenter
        thread = InferenceThread(load_segmenter=load, guess_domain=lambda _rgb8: "polyp")
        threads.append(thread)
        return thread

    yield begin
    for thread in threads:
        assert thread.stop(5000)


def job(number: int = 1, *, seed: int = 0, **how: object) -> DraftJob:
    return DraftJob(number, number, picture(seed=seed), "skin", **how)  # type: ignore[arg-type]


def test_that_every_step_arrives_before_the_draft(qtbot: QtBot, start: Start) -> None:
    thread = start(MadeSegmenter())
    seen: list[object] = []
    thread.step_ready.connect(lambda number, step: seen.append((number, step.index)))
    with qtbot.waitSignal(thread.drafted) as drafted:
        thread.draft(job(7, steps=4))
    assert seen == [(7, 1), (7, 2), (7, 3), (7, 4)]
    assert drafted.args is not None
    assert drafted.args[0] == 7
    assert len(drafted.args[1].film) == 4
    assert thread.waiting == 0


def test_that_weights_are_loaded_once_for_many_drafts(qtbot: QtBot, start: Start) -> None:
    loads: list[tuple[str, str]] = []

    def load(model: str, device: str) -> MadeSegmenter:
        loads.append((model, device))
        return MadeSegmenter(model)

    thread = start(load)
    with qtbot.waitSignals([thread.loading, thread.model_ready]):
        thread.load("skin", "auto")
    for number in (1, 2):
        with qtbot.waitSignal(thread.drafted):
            thread.draft(job(number))
    assert loads == [("skin", "auto")]


def test_that_cancelling_gives_back_the_last_preview_as_a_draft(qtbot: QtBot, start: Start) -> None:
    segmenter = MadeSegmenter(hold=True)
    thread = start(segmenter)
    previews: list[np.ndarray] = []
    thread.step_ready.connect(lambda _number, step: previews.append(step.preview))
    thread.draft(job(1, steps=8, samples=3))
    segmenter.let(2)
    qtbot.waitUntil(lambda: len(previews) == 2)
    with qtbot.waitSignal(thread.cancelled) as cancelled:
        thread.cancel(1)
        segmenter.let(1)  # the step that was under way may still end
    assert cancelled.args is not None
    result: Cancelled = cancelled.args[1]
    assert result.draft is not None
    assert len(segmenter.stepped) == 3
    np.testing.assert_array_equal(result.draft.probability, result.draft.film[-1])
    np.testing.assert_array_equal(result.draft.film[1], previews[1])
    assert result.draft.provenance.steps == 8
    assert result.draft.provenance.weights_sha256 == segmenter.info.sha256
    assert result.draft.provenance.precision == "float32"


def test_that_a_draft_that_was_stopped_says_what_was_found_about_the_picture(
    qtbot: QtBot, start: Start
) -> None:
    segmenter = MadeSegmenter(hold=True, findings=Findings(0.1, 2.0))
    thread = start(segmenter)
    with qtbot.waitSignal(thread.step_ready):
        thread.draft(job(1, steps=8))
        segmenter.let(1)
    with qtbot.waitSignal(thread.cancelled) as cancelled:
        thread.cancel(1)
        segmenter.let(1)
    assert cancelled.args is not None
    draft = cancelled.args[1].draft
    assert draft.findings == Findings(0.1, 2.0)
    np.testing.assert_array_equal(draft.probability, np.rint(draft.film[-1] * draft.findings.share))
    assert draft.probability.max() < 128


def test_that_a_job_cancelled_before_its_first_step_gives_no_draft(qtbot: QtBot, start: Start) -> None:
    segmenter = MadeSegmenter(hold=True)
    thread = start(segmenter)
    thread.draft(job(1, steps=1))
    thread.draft(job(2, seed=2))
    with qtbot.waitSignal(thread.cancelled) as cancelled:
        thread.cancel(2)
        segmenter.let(1)
    assert cancelled.args is not None
    assert cancelled.args[0] == 2
    assert cancelled.args[1].draft is None


def test_that_a_pressing_draft_overtakes_a_batch_between_two_steps(qtbot: QtBot, start: Start) -> None:
    segmenter = MadeSegmenter(hold=True)
    thread = start(segmenter)
    finished: list[int] = []
    thread.drafted.connect(lambda number, _draft: finished.append(number))
    with qtbot.waitSignal(thread.step_ready):
        thread.draft(job(1, seed=1, steps=3, priority=Priority.BATCH))
        segmenter.let(1)
    thread.draft(job(2, seed=2, steps=3))
    segmenter.let(5)
    qtbot.waitUntil(lambda: len(finished) == 2)
    assert finished == [2, 1]
    order = [int(sha, 16) for sha, _ in segmenter.stepped]
    # The batch's second step may have begun before the pressing job was put.
    assert order in ([1, 2, 2, 2, 1, 1], [1, 1, 2, 2, 2, 1])


def test_that_a_picture_is_encoded_once_for_many_drafts(qtbot: QtBot, start: Start) -> None:
    segmenter = MadeSegmenter()
    thread = start(segmenter)
    for number, model_seed in ((1, 0), (2, 5)):
        with qtbot.waitSignal(thread.drafted):
            thread.draft(DraftJob(number, 1, picture(seed=3), "skin", seed=model_seed))
    assert len(segmenter.encoded) == 1


def test_that_a_file_is_read_on_the_thread_and_its_identity_told(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    path = tmp_path / "naevus.png"
    write_png(path, np.full((30, 40, 3), 120, np.uint8))
    thread = start(MadeSegmenter())
    with (
        qtbot.waitSignals([thread.picture_read, thread.drafted]),
        qtbot.waitSignal(thread.picture_read) as read,
    ):
        thread.draft(DraftJob(1, 1, path, "skin", priority=Priority.BATCH))
    assert read.args is not None
    identity: PictureIdentity = read.args[1]
    assert (identity.width, identity.height, identity.orientation) == (40, 30, 1)
    assert len(identity.sha256) == 64


def test_that_a_bad_file_fails_its_own_job_only(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    bad = tmp_path / "notes.png"
    bad.write_text("no picture")
    thread = start(MadeSegmenter())
    failures: list[tuple[int, str]] = []
    thread.failed.connect(lambda number, sentence: failures.append((number, sentence)))
    with qtbot.waitSignal(thread.drafted) as drafted:
        thread.draft(DraftJob(1, 1, bad, "skin"))
        thread.draft(job(2))
    assert drafted.args is not None
    assert drafted.args[0] == 2
    assert failures[0][0] == 1
    assert "notes.png" in failures[0][1]


def test_that_missing_weights_are_told_in_a_sentence_and_can_be_tried_again(
    qtbot: QtBot, start: Start
) -> None:
    class NoWeights(LSegDiffError):
        pass

    there = threading.Event()

    def load(_model: str, _device: str) -> MadeSegmenter:
        if not there.is_set():
            raise NoWeights("The weights are not there. Reinstall LSegDiff.")
        return MadeSegmenter()

    thread = start(load)
    with qtbot.waitSignals([thread.model_failed, thread.failed]), qtbot.waitSignal(thread.failed) as failed:
        thread.draft(job(1))
    assert failed.args == [1, "The weights are not there. Reinstall LSegDiff."]
    there.set()
    with qtbot.waitSignal(thread.drafted):
        thread.draft(job(2))


def test_that_weights_loaded_ahead_are_warmed_up_once_but_not_while_a_draft_waits(
    qtbot: QtBot, start: Start
) -> None:
    loading, go_on = threading.Event(), threading.Event()
    segmenters = [MadeSegmenter(), MadeSegmenter()]

    def load(model: str, _device: str) -> MadeSegmenter:
        loading.set()
        assert go_on.wait(10)
        return segmenters[model == "polyp"]

    thread = start(load)
    with qtbot.waitSignal(thread.drafted):
        thread.load("skin")
        assert loading.wait(10)
        thread.draft(job(1))
        go_on.set()
    assert segmenters[0].warmed_up == 0
    with qtbot.waitSignal(thread.guessed):
        for model in ("polyp", "polyp"):
            thread.load(model)
        thread.guess(1, np.zeros((2, 2, 3), np.uint8))
    assert segmenters[1].warmed_up == 1


def test_that_a_fault_of_the_model_is_a_sentence_and_not_the_end(
    qtbot: QtBot, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    class Faulty(MadeSegmenter):
        def encode(self, picture: object) -> str:
            raise RuntimeError("shapes do not fit")

    thread = start(Faulty())
    with qtbot.waitSignal(thread.failed) as failed:
        thread.draft(job(1))
    assert failed.args is not None
    assert "shapes do not fit" in failed.args[1]
    assert "drafting failed" in caplog.text


def test_that_a_full_graphics_card_says_what_to_do(qtbot: QtBot, start: Start) -> None:
    class OutOfMemoryError(RuntimeError):
        pass

    class Greedy(MadeSegmenter):
        def encode(self, picture: object) -> str:
            raise OutOfMemoryError("tried to allocate")

    thread = start(Greedy())
    with qtbot.waitSignal(thread.failed) as failed:
        thread.draft(job(1))
    assert failed.args is not None
    assert "fewer samples" in failed.args[1]


def test_that_stopping_during_a_draft_ends_after_the_step(qtbot: QtBot, qapp: object) -> None:
    thread = InferenceThread(load_segmenter=lambda *_: MadeSegmenter(seconds=0.05), guess_domain=str)
    with qtbot.waitSignal(thread.step_ready):
        thread.draft(job(1, steps=1000))
    began = time.monotonic()
    assert thread.stop(3000)
    assert time.monotonic() - began < 2


def test_that_a_guess_is_answered_with_its_token(qtbot: QtBot, start: Start) -> None:
    thread = start(MadeSegmenter())
    with qtbot.waitSignal(thread.guessed) as guessed:
        thread.guess(41, np.zeros((8, 8, 3), np.uint8))
    assert guessed.args == [41, "polyp"]


def test_that_a_real_weights_file_drafts_after_it_was_loaded_ahead(
    qtbot: QtBot, qapp: object, tmp_path: Path
) -> None:
    from made.network import save_random

    weights = tmp_path / "tiny.safetensors"
    save_random(weights)
    thread = InferenceThread()
    with qtbot.waitSignal(thread.model_ready, timeout=60_000) as ready:
        thread.load(str(weights), "cpu")
    assert ready.args is not None
    assert ready.args[0].device == "cpu"
    assert ready.args[0].precision in ("float32", "bfloat16")
    with qtbot.waitSignal(thread.drafted, timeout=60_000) as drafted:
        thread.draft(DraftJob(1, 1, picture(), str(weights), "cpu", steps=2, samples=2))
    assert drafted.args is not None
    assert drafted.args[1].provenance.weights_sha256 == ready.args[0].info.sha256
    assert thread.stop(5000)


def test_that_importing_the_thread_does_not_import_torch() -> None:
    code = "import sys, lsegdiff_gui.workers.inference; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
