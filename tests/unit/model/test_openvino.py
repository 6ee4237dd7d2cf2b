"""OpenVINO beside PyTorch, with a tiny network; where it is not installed there is nothing to compare."""

import json
import subprocess
import sys
import threading
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from made.network import TINY, random_network, save_random

from lsegdiff_gui import places
from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.model import openvino_runtime, preparing
from lsegdiff_gui.model.checkpoint import ModelInfo, load_network, read_info, save_network
from lsegdiff_gui.model.openvino_runtime import OpenVinoRuntime
from lsegdiff_gui.model.preparing import (
    NEVER,
    VERDICT,
    Verdict,
    folder_of,
    prepare,
    prepare_later,
    prepared,
    start_preparing,
    verdict_on,
)
from lsegdiff_gui.model.segmenter import Segmenter

FASTER = Verdict(torch_s=2.0, openvino_s=1.0, difference=0.0)


@pytest.fixture(autouse=True)
def _with_openvino(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("openvino", reason="needs OpenVINO, an extra")
    monkeypatch.delenv(openvino_runtime.SWITCH)
    monkeypatch.setenv("LSEGDIFF_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("os.nice", lambda _: 0)


def shared(path: Path) -> ModelInfo:
    """Weights of a network whose diffusion reads the twin's encoder."""
    return save_network(
        path,
        random_network(replace(TINY, own_encoder=False)),
        name="tiny",
        version="1",
        domain="skin",
        training="random numbers",
        terms="none",
        metrics={},
    )


def decide(info: ModelInfo, verdict: Verdict) -> None:
    (folder_of(info) / VERDICT).write_text(json.dumps(asdict(verdict)))


@pytest.mark.parametrize("own_encoder", [True, False])
def test_that_it_drafts_the_same_picture_as_pytorch_with_every_size_of_a_batch(
    own_encoder: bool, tmp_path: Path, picture: Picture
) -> None:
    path = tmp_path / "tiny.safetensors"
    info = save_random(path) if own_encoder else shared(path)
    assert prepare(info).difference <= preparing.AGREEMENT
    dtype = preparing.choose_dtype(torch.device("cpu"))
    exact = Segmenter(load_network(info), info, device=torch.device("cpu"), dtype=torch.float32)
    runtime = OpenVinoRuntime(folder_of(info), dtype=dtype)
    segmenter = Segmenter(load_network(info), info, device=torch.device("cpu"), dtype=dtype, runtime=runtime)
    for samples in (1, 3, 5):
        expected, found = (each.draft(picture, samples=samples) for each in (exact, segmenter))
        assert np.abs(expected.probability.astype(int) - found.probability).mean() < 5
        assert found.presence == pytest.approx(expected.presence, abs=0.03)
        assert found.provenance.precision.endswith("by OpenVINO")
    assert np.allclose(exact.twin(picture), segmenter.twin(picture), atol=0.05)


@pytest.mark.parametrize("own_encoder", [True, False])
def test_that_what_diffusion_reads_is_never_rounded(own_encoder: bool, tmp_path: Path) -> None:
    path = tmp_path / "tiny.safetensors"
    info = save_random(path) if own_encoder else shared(path)
    prepare(info)
    side = int(read_info(path).architecture["picture_side"])
    views = torch.rand(2, 3, side, side, generator=torch.Generator().manual_seed(0)) * 2 - 1
    rounding, exact = (
        OpenVinoRuntime(folder_of(info), dtype=dtype).look(views, sides=2, twin_sides=2).pyramid
        for dtype in (torch.bfloat16, torch.float32)
    )
    for found, expected in zip(rounding, exact, strict=True):
        assert torch.allclose(found, expected, atol=1e-4 * float(expected.abs().max()))


def test_that_threads_may_come_and_go(weights: Path, picture: Picture) -> None:
    """As those of Qt do, whose Python state ends with each slot."""
    info = read_info(weights)
    prepare(info)
    decide(info, FASTER)
    segmenter = Segmenter.load(weights, "cpu")
    drafts = list[Draft]()
    for _ in range(4):
        thread = threading.Thread(target=lambda: drafts.append(segmenter.draft(picture, samples=2)))
        thread.start()
        thread.join()
    assert len(drafts) == 4
    assert all(np.array_equal(draft.probability, drafts[0].probability) for draft in drafts)


def test_that_it_is_chosen_when_it_was_found_to_be_faster_and_else_left_aside(weights: Path) -> None:
    info = read_info(weights)
    assert "OpenVINO" not in Segmenter.load(weights, "cpu").precision
    prepare(info)
    decide(info, FASTER)
    assert "OpenVINO" in Segmenter.load(weights, "cpu").precision
    assert "OpenVINO" not in Segmenter.load(weights, "cpu", only_torch=True).precision
    for worse in (replace(FASTER, openvino_s=1.9), replace(FASTER, difference=0.5), NEVER):
        decide(info, worse)
        assert "OpenVINO" not in Segmenter.load(weights, "cpu").precision


def test_that_the_switch_leaves_it_aside(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = read_info(weights)
    folder_of(info).mkdir(parents=True)
    decide(info, FASTER)
    monkeypatch.setenv(openvino_runtime.SWITCH, "0")
    assert verdict_on(info) is None
    assert start_preparing(info) is None


def test_that_files_cut_short_are_forgotten_and_pytorch_drafts(weights: Path) -> None:
    info = read_info(weights)
    prepare(info)
    decide(info, FASTER)
    for part in folder_of(info).glob("*.xml"):
        part.write_bytes(part.read_bytes()[:100])
    assert "OpenVINO" not in Segmenter.load(weights, "cpu").precision
    assert verdict_on(info) is None


def test_that_a_process_that_dies_is_not_started_again(
    weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = read_info(weights)
    monkeypatch.setattr(preparing.sys, "executable", "false")
    first = start_preparing(info)
    assert first is not None
    first.wait()
    assert verdict_on(info) == NEVER
    assert prepared(info) is None
    assert start_preparing(info) is None


def test_that_a_folder_that_cannot_be_written_stops_nobody(weights: Path, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "cache").write_text("in the way")
    info = read_info(weights)
    assert start_preparing(info) is None
    assert "OpenVINO" not in Segmenter.load(weights, "cpu").precision


def test_that_one_that_is_stopped_leaves_no_verdict(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = read_info(weights)
    popen = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda _command, **rest: popen(["sleep", "60"], **rest))
    preparation = start_preparing(info)
    assert preparation is not None
    preparation.stop()
    assert verdict_on(info) is None


def test_that_preparing_in_a_process_of_its_own_leaves_all_that_is_needed(weights: Path) -> None:
    info = read_info(weights)
    preparation = start_preparing(info)
    assert preparation is not None
    preparation.wait()
    verdict = verdict_on(info)
    assert verdict is not None
    assert verdict != NEVER
    assert verdict.difference <= preparing.AGREEMENT
    assert folder_of(info).is_relative_to(places.cache_folder())


def test_that_weights_are_prepared_a_while_after_they_were_loaded(
    weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    timers = list[tuple[float, list[ModelInfo]]]()

    class Timer:
        daemon = False

        def __init__(self, after: float, _start: object, arguments: list[ModelInfo]) -> None:
            timers.append((after, arguments))

        def start(self) -> None:
            assert self.daemon  # closing the program does not wait for it

    monkeypatch.setattr(preparing.threading, "Timer", Timer)
    info = read_info(weights)
    prepare_later(info)
    assert timers == [(preparing.LATER_S, [info])]


def test_that_nothing_is_there_to_tell_its_makers_with() -> None:
    code = (
        "import sys; from lsegdiff_gui.model.openvino_runtime import openvino; openvino();"
        "import openvino.tools.ovc.telemetry_utils as t; print(t.tm.__name__)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "stub" in said
