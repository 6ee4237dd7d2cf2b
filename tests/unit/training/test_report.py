"""What a run's log, its curves and its sheet of drafts show."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made.drafts import draft

from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.training.curves import HEIGHT, LOSS, SCORE, WIDTH, curves
from lsegdiff_gui.training.data import DataError
from lsegdiff_gui.training.draft_sheet import DRAFT, TRUTH, Sample, draft_sheet
from lsegdiff_gui.training.run_log import StageLog, read_log

STAGES = ("vae", "twin", "diffusion")


def log_of(folder: Path, *entries: dict[str, Any], end: str = "") -> Path:
    path = folder / "log.jsonl"
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries) + end, "utf-8")
    return path


def shows(canvas: np.ndarray, colour: tuple[int, int, int]) -> bool:
    return bool((canvas == colour).all(axis=-1).any())


def test_that_steps_said_twice_after_a_kill_count_once_and_sittings_add_up(tmp_path: Path) -> None:
    path = log_of(
        tmp_path,
        {"stage": "twin", "step": 25, "seconds": 10.0, "loss": 0.9},
        {"stage": "twin", "step": 50, "seconds": 20.0, "loss": 0.8},
        {"stage": "twin", "step": 50, "seconds": 11.0, "loss": 0.7},
        {"stage": "twin", "step": 50, "processes": 2, "weights": "ab"},
        end='{"stage": "twin", "st',
    )
    log = read_log(path, STAGES)["twin"]
    assert log.losses == {25: 0.9, 50: 0.7}
    assert log.seconds == 31.0
    assert log.processes == 2
    assert log.best is None


def test_that_the_earlier_of_equal_looks_is_the_kept_one_and_stages_come_in_order(tmp_path: Path) -> None:
    looks = [(0, 0.5), (10, 0.75), (20, 0.75), (30, 0.7)]
    path = log_of(
        tmp_path,
        {"stage": "diffusion", "step": 5, "seconds": 1.0, "loss": 1.0},
        *({"stage": "vae", "step": step, "select": {"score": score}} for step, score in looks),
    )
    logs = read_log(path, STAGES)
    assert list(logs) == ["vae", "diffusion"]
    assert logs["vae"].best == (10, {"score": 0.75})
    assert logs["vae"].scores[0] == 0.5


def test_that_a_run_without_a_log_has_no_stages_and_an_unreadable_one_is_named(tmp_path: Path) -> None:
    assert read_log(tmp_path / "log.jsonl", STAGES) == {}
    (tmp_path / "log.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match=r"log\.jsonl” cannot be read"):
        read_log(tmp_path / "log.jsonl", STAGES)


def test_that_each_stage_has_a_panel_with_both_its_curves() -> None:
    steps = range(25, 1001, 25)
    log = StageLog(losses={s: 1.0 / s for s in steps}, looks={s: {"score": 1 - 10 / s} for s in (250, 1000)})
    drawn = curves({"twin": log, "diffusion": log})
    assert drawn.shape == (HEIGHT, 2 * WIDTH, 3)
    for panel in np.hsplit(drawn, 2):
        assert shows(panel[: HEIGHT // 2], LOSS) and not shows(panel[: HEIGHT // 2 - 60], SCORE)
        assert shows(panel[HEIGHT // 2 :], SCORE)


@pytest.mark.parametrize(
    "log",
    [StageLog(), StageLog(losses={3: float("nan"), 5: 1.0}), StageLog(looks={0: {"score": 0.0}})],
)
def test_that_curves_of_little_or_odd_can_be_drawn(log: StageLog) -> None:
    assert curves({"twin": log}).std() > 5


def test_that_a_draft_is_shown_with_its_outlines_probability_and_spread() -> None:
    rgb8 = np.full((300, 400, 3), 90, np.uint8)
    truth = np.zeros((300, 400), np.uint8)
    truth[60:200, 80:320] = 1
    sample = Sample("größe 1", Picture(rgb8, rgb8, "00"), truth, draft(), 0.9)
    one, three = draft_sheet([sample]), draft_sheet([sample] * 3)
    assert one.shape[1] == three.shape[1]
    assert three.shape[0] > one.shape[0]
    # The first panel below legend and caption: only outlines are not grey there.
    seen = one[44 + 40 : 44 + 240, :200]
    spared = np.abs(seen.astype(int) - 90).max(axis=-1) == 0
    assert 0.8 < spared.mean() < 0.99
    assert np.abs(seen.astype(int) - TRUTH).max(axis=-1).min() < 40
    assert np.abs(seen.astype(int) - DRAFT).max(axis=-1).min() < 40
    assert one[44 + 40 : 44 + 240, 210:600].std() > 20
