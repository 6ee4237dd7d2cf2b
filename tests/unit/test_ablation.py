import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from made.network import save_random

from benchmarks.ablation import AS_IT_IS, EXCHANGED, FRESH, PERMUTED, STUDIES, Bench, Tampering, main
from lsegdiff_gui.imaging.write import write_png
from lsegdiff_gui.training.data import pair_files


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two pictures with a disc, one of them small."""
    for kind in ("images", "masks"):
        (tmp_path / "data" / kind).mkdir(parents=True)
    for name, radius in {"large": 30, "small": 6}.items():
        mask = np.zeros((96, 120), np.uint8)
        cv2.circle(mask, (60, 40), radius, 1, -1)
        write_png(tmp_path / "data" / "images" / f"{name}.png", np.dstack([mask * 90 + 80] * 3))
        write_png(tmp_path / "data" / "masks" / f"{name}.png", mask * 255)
    return tmp_path / "data"


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    return save_random(tmp_path / "tiny.safetensors").path


def carry_out(name: str, data: Path, weights: Path) -> dict[str, Any]:
    out = data.parent / f"{name}.json"
    assert (
        main([name, "--model", str(weights), "--data", str(data), "--device", "cpu", "--json", str(out)]) == 0
    )
    report: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return report


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("steps", ["steps 1", "steps 2", "steps 4", "steps 8", "steps 16"]),
        ("samples", ["samples 1", "samples 2", "samples 5", "samples 10"]),
        ("shuffle", [AS_IT_IS, PERMUTED, EXCHANGED, FRESH]),
        ("twin", ["draft", "twin, views 1", "twin, views 2", "twin, views 4", "twin, views 8"]),
    ],
)
def test_that_one_command_tries_every_setting(
    name: str, settings: list[str], data: Path, weights: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = carry_out(name, data, weights)

    reference = STUDIES[name][1]
    assert list(report["settings"]) == settings
    assert reference in settings
    for setting, figures in report["settings"].items():
        assert figures["pictures"] == 2 and figures["under_3"] == 1
        assert figures["dice_low"] <= figures["dice"] <= figures["dice_high"]
        assert ("dice_gain" in figures) == (setting != reference)
    assert [picture["stem"] for picture in report["pictures"]] == ["large", "small"]
    shown = capsys.readouterr().out
    assert all(setting in shown for setting in settings)


def test_that_morphology_tries_each_operation_with_each_kernel(data: Path, weights: Path) -> None:
    settings = carry_out("morphology", data, weights)["settings"]

    assert len(settings) == 1 + 3 * 6
    assert {"off", "opening 3", "closing 15", "both 25"} <= set(settings)


def test_that_the_oracle_knows_what_the_grid_alone_costs(data: Path, weights: Path) -> None:
    settings = carry_out("oracle", data, weights)["settings"]

    assert settings["grid alone, at the picture's size"]["dice"] > 0.97
    assert settings["VAE, at the picture's size"]["dice_gain"] < 0.0  # its weights are random
    assert "VAE, compared on the grid" in settings


def test_that_the_shuffled_runs_leave_the_model_as_it_was(data: Path, weights: Path) -> None:
    pairs = pair_files(data / "images", data / "masks")
    bench = Bench.load(str(weights), pairs, device="cpu")
    (first, _), *_ = shuffled = list(STUDIES["shuffle"][0](bench))
    encoding = bench.segmenter.encode(first.picture)

    untouched = Bench.load(str(weights), pairs, device="cpu").draft(encoding)
    assert np.array_equal(bench.draft(encoding).samples, untouched.samples)
    assert any(settings[FRESH]["spread"] != settings[AS_IT_IS]["spread"] for _, settings in shuffled)


def test_that_a_state_is_exchanged_as_it_is_called() -> None:
    tampering, module = Tampering(0), torch.nn.Identity()
    states = [torch.randn(2, 4, 32, 32) for _ in range(4)]
    for zt in states[:2]:
        assert torch.equal(tampering(module, (zt, "t"))[0], zt)
    tampering.next_picture()

    tampering.begin(PERMUTED)
    moved, t = tampering(module, (states[2], "t"))
    assert t == "t" and not torch.equal(moved, states[2])
    assert torch.equal(moved.flatten(2).sort().values, states[2].flatten(2).sort().values)
    cells = {tuple(cell) for cell in states[2][0].flatten(1).T.tolist()}
    assert {tuple(cell) for cell in moved[0].flatten(1).T.tolist()} == cells  # channels stay together

    tampering.begin(EXCHANGED)
    assert torch.equal(tampering(module, (states[2], "t"))[0], states[0])
    assert torch.equal(tampering(module, (states[3], "t"))[0], states[1])

    tampering.begin(FRESH)
    noise = tampering(module, (states[3], "t"))[0]
    assert noise.shape == states[3].shape and not torch.equal(noise, states[3])


def test_that_what_is_missing_is_said_in_a_sentence(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--json", str(tmp_path / "out.json")]
    assert main(["steps", "--model", str(tmp_path / "none.safetensors"), "--data", str(data), *out]) == 2
    assert "none.safetensors" in capsys.readouterr().err
    assert main(["steps", "--model", "polyp", "--data", str(tmp_path / "gone"), *out]) == 2
    assert "gone" in capsys.readouterr().err
