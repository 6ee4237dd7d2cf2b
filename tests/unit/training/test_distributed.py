"""Two processes that train one network over the loopback, as `torchrun` starts them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from made.network import TINY

from lsegdiff_gui.model.checkpoint import read_info
from lsegdiff_gui.training.config import STAGE_NAMES, StageConfig, TrainConfig
from lsegdiff_gui.training.distributed import ALONE, Team, team_on
from lsegdiff_gui.training.state import step_generator

SHORT = {"steps": 2, "batch": 5, "warm_up": 1, "evaluate_every": 2, "save_every": 1}


def test_that_without_torchrun_a_process_is_alone() -> None:
    with team_on(torch.device("cpu")) as (team, device):
        assert (team, device.type) == (ALONE, "cpu")
        assert team.leads


def test_that_a_batch_is_shared_in_equal_parts_rounded_up() -> None:
    config = TrainConfig(twin=StageConfig(steps=1, batch=16), vae=StageConfig(steps=1, batch=5))
    shared = Team(1, 2).share(config)
    assert (shared.twin.batch, shared.vae.batch) == (8, 3)
    assert ALONE.share(config) == config


def test_that_each_process_draws_its_own_pictures_and_the_first_those_of_one_alone() -> None:
    drawn = [torch.rand(4, generator=step_generator(0, "twin", 7, rank)) for rank in (0, 1)]
    assert not torch.equal(*drawn)
    assert torch.equal(drawn[0], torch.rand(4, generator=step_generator(0, "twin", 7)))


def torchrun(discs: Path, out: Path, config: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *(sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"),
            *("-m", "lsegdiff_gui.cli", "train", "--data", str(discs), "--out", str(out)),
            *("--config", str(config), "--device", "cpu", *options),
        ],
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.mark.distributed
def test_that_two_processes_train_one_network_and_go_on_where_they_stopped(
    discs: Path, tmp_path: Path
) -> None:
    config, out = tmp_path / "run.json", tmp_path / "out"
    stages = dict.fromkeys(STAGE_NAMES, SHORT)
    config.write_text(
        json.dumps({"name": "two", "threads": 1, "architecture": TINY.to_dict(), **stages}), "utf-8"
    )

    begun = torchrun(discs, out, config, "--stage", "twin")
    assert begun.returncode == 0, begun.stderr
    assert begun.stderr.count("The states are in") == 1  # only the leader speaks
    ended = torchrun(discs, out, config, "--resume")
    assert ended.returncode == 0, ended.stderr

    info = read_info(out / "two.safetensors")
    assert info.name == "two"
    entries = [json.loads(line) for line in (out / "log.jsonl").read_text("utf-8").splitlines()]
    # Each stage ends once, with a fingerprint of the weights that both processes had, or it would have stopped.
    ends = [entry for entry in entries if "weights" in entry]
    assert [(entry["stage"], entry["processes"]) for entry in ends] == [(stage, 2) for stage in STAGE_NAMES]
    assert len({entry["weights"] for entry in ends}) == len(STAGE_NAMES)
    assert "| twin | 2 | 2 |" in (out / "report.md").read_text("utf-8")
