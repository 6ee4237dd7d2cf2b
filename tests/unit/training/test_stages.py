"""Real stages on a few small pictures: short, but every line of a run, its kill and its resumption."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from made.network import TINY, random_network, save_random
from safetensors.torch import load_file

from lsegdiff_gui.imaging.picture import ImageError
from lsegdiff_gui.imaging.read import read
from lsegdiff_gui.imaging.write import write_png
from lsegdiff_gui.model.checkpoint import load_network, read_info, save_network
from lsegdiff_gui.model.segmenter import Segmenter
from lsegdiff_gui.training.calibrating import TWIN_SHARES
from lsegdiff_gui.training.config import StageConfig, TrainConfig
from lsegdiff_gui.training.data import DataError, pair_files
from lsegdiff_gui.training.evaluation import evaluate
from lsegdiff_gui.training.loop import rate_factor
from lsegdiff_gui.training.run_log import read_log
from lsegdiff_gui.training.stages import STAGES, build_network, train, weights_path

SHORT = StageConfig(steps=3, batch=3, warm_up=1, evaluate_every=2, save_every=1)
CONFIG = TrainConfig(
    name="discs",
    domain="skin",
    data_note="bright discs",
    threads=1,
    bf16=False,
    counterfactual=0.3,
    architecture=TINY,
    vae=SHORT,
    twin=SHORT,
    image=SHORT,
    diffusion=SHORT,
)
CPU = torch.device("cpu")


class Killed(BaseException):
    """As hard as a signal: nothing in the loop catches it."""


def silent(stage: str, step: int, steps: int, figures: dict[str, float]) -> None:
    """No progress is shown."""


def run(
    discs: Path, out: Path, config: TrainConfig = CONFIG, *, resume: bool = False, progress=silent
) -> Path:
    train(config, data=[discs], out=out, device=CPU, resume=resume, progress=progress)
    return weights_path(out, config)


def same_weights(ours: Path, theirs: Path) -> None:
    """Fail unless two files hold the same network, calibration and figures."""
    own, other = read_info(ours), read_info(theirs)
    state = load_network(other).state_dict()
    for key, value in load_network(own).state_dict().items():
        assert torch.equal(value, state[key]), key
    assert (own.calibration, own.metrics) == (other.calibration, other.metrics)


def test_that_a_run_leaves_weights_a_log_and_a_sheet_of_each_stage(discs: Path, tmp_path: Path) -> None:
    weights = run(discs, tmp_path / "out")
    info = read_info(weights)
    assert (info.name, info.domain, info.training) == ("discs", "skin", "bright discs")
    assert all(std > 0 for std in info.latent_std)
    assert info.calibration.twin_share in TWIN_SHARES
    assert info.calibration.strangeness_limit > 0
    assert "select_dice_twin_0" in info.metrics
    entries = [json.loads(line) for line in (weights.parent / "log.jsonl").read_text("utf-8").splitlines()]
    assert {entry["stage"] for entry in entries} == set(STAGES)
    assert any("select" in entry for entry in entries)
    for stage in STAGES:
        assert read(weights.parent / f"{stage}.png").rgb8.std() > 5
    for picture in ("curves", "drafts"):
        assert read(weights.parent / f"{picture}.png").rgb8.std() > 5
    report = (weights.parent / "report.md").read_text("utf-8")
    assert "Every picture could be used." in report
    assert f"--model {weights}" in report
    assert f"| {info.calibration.temperature:.3f} |" in report
    for stage in STAGES:
        assert f"| {stage} | 3 |" in report
    assert not list(weights.parent.glob(".*"))


@pytest.mark.parametrize("stage", STAGES)
def test_that_a_run_killed_at_any_step_ends_as_if_it_had_not_been(
    discs: Path, tmp_path: Path, stage: str
) -> None:
    whole = run(discs, tmp_path / "whole")

    def kill(at: str, step: int, steps: int, figures: dict[str, float]) -> None:
        if (at, step) == (stage, 2):
            raise Killed

    with pytest.raises(Killed):
        run(discs, tmp_path / "cut", progress=kill)
    resumed = run(discs, tmp_path / "cut", resume=True)
    same_weights(resumed, whole)


def test_that_the_seed_alone_decides_what_a_run_ends_with(discs: Path, tmp_path: Path) -> None:
    first, again = run(discs, tmp_path / "first"), run(discs, tmp_path / "again")
    same_weights(first, again)
    other = run(discs, tmp_path / "other", replace(CONFIG, seed=1))
    with pytest.raises(AssertionError):
        same_weights(first, other)


def test_that_a_finished_run_is_not_trained_again(discs: Path, tmp_path: Path) -> None:
    run(discs, tmp_path / "out")
    told: set[str] = set()
    run(discs, tmp_path / "out", resume=True, progress=lambda stage, step, of, figures: told.add(stage))
    assert told == {"reading", "report"}


def test_that_a_coco_file_teaches_the_same_as_its_folder(
    discs: Path, discs_coco: Path, tmp_path: Path
) -> None:
    same_weights(run(discs_coco, tmp_path / "file"), run(discs, tmp_path / "folder"))


def test_that_a_run_does_not_go_on_over_other_pictures(discs: Path, tmp_path: Path) -> None:
    run(discs, tmp_path / "out")
    write_png(discs / "masks" / "case 03.png", np.zeros((64, 80), np.uint8))
    with pytest.raises(DataError, match="was begun over other pictures or masks"):
        run(discs, tmp_path / "out", resume=True)


def test_that_a_run_from_a_weight_file_leaves_what_has_no_steps_as_it_was(
    discs: Path, tmp_path: Path
) -> None:
    start = tmp_path / "start.safetensors"
    save_random(start)
    still = replace(SHORT, steps=0)
    config = replace(CONFIG, start=str(start), vae=still, twin=still, image=still)
    weights = run(discs, tmp_path / "out", config)
    before, after = (load_network(read_info(path)).state_dict() for path in (start, weights))
    changed = {key.split(".")[0] for key, value in after.items() if not torch.equal(value, before[key])}
    assert changed == {"denoiser", "familiarity"}
    assert not (tmp_path / "out" / "vae.png").exists()


def test_that_training_on_ends_no_worse_on_select_than_it_began(discs: Path, tmp_path: Path) -> None:
    network, start = random_network(), tmp_path / "start.safetensors"
    with torch.no_grad():
        network.twin.mask.score.bias.fill_(20.0)  # all is lesion: better than nothing
    said = {"name": "all", "version": "1", "domain": "skin", "training": "", "terms": ""}
    save_network(start, network, metrics={}, **said)
    ruinous = replace(SHORT, rate=10.0, pretrained_rate=10.0)
    still = replace(SHORT, steps=0)
    config = replace(CONFIG, start=str(start), vae=still, twin=ruinous, image=still, diffusion=still)
    weights = run(discs, tmp_path / "out", config)
    looks = read_log(weights.parent / "log.jsonl", STAGES)["twin"].scores
    assert looks[0] > 0
    assert looks[0] >= looks[3]
    before, after = (load_network(read_info(path)).twin.state_dict() for path in (start, weights))
    assert all(torch.equal(value, before[key]) for key, value in after.items())


def test_that_a_stage_keeps_its_share_of_what_it_started_from(discs: Path, tmp_path: Path) -> None:
    still = replace(SHORT, steps=0)
    config = replace(CONFIG, vae=still, twin=still, image=still)
    began = build_network(config).denoiser.state_dict()
    ends = []
    for keep in (0.0, 0.5):
        out = tmp_path / str(keep)
        run(discs, out, replace(config, diffusion=replace(SHORT, keep=keep, evaluate_every=99)))
        state = load_file(out / "diffusion.state.safetensors")
        ends.append({key: state[f"best.{key}"] for key in began})
    alone, kept = ends
    assert any(not torch.equal(alone[key], value) for key, value in began.items())
    assert all(torch.allclose(kept[key], (alone[key] + began[key]) / 2, atol=1e-6) for key in began)


def test_that_pictures_left_out_are_told_before_training_and_stand_in_the_report(
    discs: Path, tmp_path: Path
) -> None:
    (discs / "masks" / "case 05.png").write_bytes(b"no picture")
    told: list[str] = []
    train(
        CONFIG,
        data=[discs],
        out=tmp_path / "out",
        device=CPU,
        resume=False,
        progress=lambda stage, *rest: told.append(stage),
        on_left_out=lambda left_out: told.extend(item.path.name for item in left_out),
    )
    assert told.index("case 05.png") < told.index("vae")
    report = (tmp_path / "out" / "report.md").read_text("utf-8")
    assert "Left out: 1" in report
    assert "case 05.png`: “case 05.png” cannot be opened" in report


def test_that_too_few_pictures_stop_a_run_before_it_trains(discs: Path, tmp_path: Path) -> None:
    for i in range(6, 24):
        (discs / "images" / f"case {i:02}.png").unlink()
    with pytest.raises(DataError, match="left to train on"):
        run(discs, tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())


def test_that_a_broken_state_is_named(discs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "vae.state.safetensors").write_bytes(b"not a state")
    with pytest.raises(DataError, match="is not a state this run can go on from"):
        run(discs, out, resume=True)


def test_that_fewer_pictures_than_a_batch_holds_can_be_learnt_from(discs: Path, tmp_path: Path) -> None:
    wide = replace(SHORT, steps=1, batch=40)
    weights = run(discs, tmp_path / "out", replace(CONFIG, vae=wide, twin=wide, image=wide, diffusion=wide))
    assert read_info(weights).name == "discs"


def test_that_what_a_kill_left_half_written_is_cleared_away(discs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / ".twin.state.safetensors.1b0d015f5922.part").write_bytes(b"half")
    run(discs, out, resume=True)
    assert not list(out.glob(".*.part"))


def test_that_a_log_that_cannot_be_written_stops_the_run_with_a_sentence(discs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "log.jsonl").mkdir(parents=True)
    with pytest.raises(DataError, match=r"log\.jsonl” cannot be written: Is a directory.*--resume"):
        run(discs, out)


def test_that_a_file_in_the_place_of_the_runs_folder_is_named(discs: Path, tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(ImageError, match="out is a file, not a folder"):
        run(discs, tmp_path / "out")


def test_that_missing_pretrained_weights_are_named(discs: Path, tmp_path: Path) -> None:
    config = replace(CONFIG, pretrained=str(tmp_path / "none.safetensors"))
    with pytest.raises(DataError, match="holds no MobileNetV2"):
        run(discs, tmp_path / "out", config)


def test_that_the_rate_warms_up_stays_and_decays_over_the_last_quarter() -> None:
    factors = [rate_factor(step, steps=400, warm_up=10) for step in range(400)]
    assert factors[0] == 0.1
    assert set(factors[10:300]) == {1.0}
    assert all(a > b for a, b in pairwise(factors[300:]))
    assert factors[-1] == pytest.approx(0.01)


def test_that_a_configuration_file_changes_only_what_it_names(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text('{"domain": "skin", "twin": {"steps": 7}, "architecture": {"vae_inner": 32}}', "utf-8")
    config = TrainConfig.read(path)
    assert config.domain == "skin"
    assert config.twin == replace(TrainConfig().twin, steps=7)
    assert config.architecture.vae_inner == 32
    assert config.diffusion == TrainConfig().diffusion


@pytest.mark.parametrize("text", ['{"stepz": 3}', "[1]", "{", '{"twin": {"stepz": 3}}'])
def test_that_a_configuration_that_is_not_understood_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "run.json"
    path.write_text(text, "utf-8")
    with pytest.raises(DataError, match=r"run\.json” is not understood"):
        TrainConfig.read(path)


def test_that_evaluation_gives_each_picture_and_a_summary(discs: Path, tmp_path: Path) -> None:
    segmenter = Segmenter.load(run(discs, tmp_path / "out"))
    pairs = pair_files(discs / "images", discs / "masks")[:6]
    seen: list[str] = []
    result = evaluate(
        segmenter, pairs, steps=1, samples=2, twin=True, on_picture=lambda score: seen.append(score.stem)
    ).to_dict()
    assert seen == [pair.stem for pair in pairs]
    dices = [row["dice"] for row in result["pictures"]]
    summary = result["summary"]
    assert summary["dice"] == pytest.approx(np.mean(dices))
    assert summary["dice_low"] <= summary["dice"] <= summary["dice_high"]
    assert {"iou", "hd95", "nsd", "thresholded_jaccard", "twin_dice", "empty_with_mask"} <= summary.keys()
