import importlib
from pathlib import Path

import pytest

from lsegdiff_gui.model.segmenter import Segmenter

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def test_that_the_films_cost_and_movement_are_measured_and_the_segmenter_left_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))  # where it finds its own kind when it is started
    segmenter = Segmenter.load("skin", device="cpu")
    figures = importlib.import_module("film").measure(segmenter, 1, 2)
    assert set(figures) == {"draft_ms", "cost_percent", "iou_1_2", "iou_2_3", "iou_3_4"}
    assert all(0.0 <= figures[f"iou_{n}_{n + 1}"] <= 1.0 for n in (1, 2, 3))
    assert "decode" not in vars(segmenter._runtime)
