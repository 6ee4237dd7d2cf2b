"""The short forms of the benchmarks on speed: what they measure, and that drafts agree. Never how long it takes."""

import importlib
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from lsegdiff_gui.model import openvino_runtime

Load = Callable[[str], ModuleType]
BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Load:
    """Benchmarks by their names."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))  # where they find their own kind when they are started
    return importlib.import_module


def test_that_every_way_to_draft_agrees_with_plain_float32(
    bench: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(openvino_runtime.SWITCH)
    agreement = bench("agreement")
    agreement.prepare_here("polyp")
    pictures = [agreement.drawn_picture(seed=seed) for seed in range(4)]
    figures = agreement.measure("polyp", pictures)
    means = {key: value for key, value in figures.items() if not key.endswith("_least")}
    assert {"torch_1", "torch_5", "torch_many_1", "torch_many_5"} <= set(means)
    assert min(means.values()) >= 0.995, means  # four drawn pictures; a hundred real ones are `make bench`'s


def test_that_a_folder_is_measured_beside_one_picture_at_a_time(bench: Load, tmp_path: Path) -> None:
    batch = bench("batch")
    figures = batch.measure(batch.drawn_files(tmp_path, 2), samples=1, rounds=1)
    assert set(figures) == {"ratio", "one_per_s", "folder_per_s"}
    assert figures["ratio"] == pytest.approx(figures["folder_per_s"] / figures["one_per_s"])


def test_that_latent_and_pixels_are_measured_by_the_fixed_keys(bench: Load) -> None:
    versus = bench("latent_vs_pixel")
    figures = versus.measure(1, 1, (versus.LATENT, versus.FAIR))
    for ratio in ("speedup_same_steps", "speedup_1000_steps", "train_speedup"):
        assert figures[f"{ratio}_fair"] > 1.0
    assert figures["fair_parameters"] == pytest.approx(figures["latent_parameters"], rel=0.1)
    assert figures["fair_step_giga_multiply_adds"] > 7 * figures["latent_step_giga_multiply_adds"]


def test_that_a_page_holds_what_was_measured_now_and_before(
    bench: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = bench("page")
    machine = {"cpu": "Abacus", "amx": False, "cores": 2, "torch": "2"}
    claim = {
        f"{name}_{key}": 10.0 * number
        for number, name in enumerate(page.CONTENDERS, start=1)
        for key in page.CLAIM_ROWS
    }
    claim |= {"speedup_same_steps": 51.0, "speedup_same_steps_fair": 8.0}
    (tmp_path / "performance.md").write_text(f"# P\n\n{page.BEGINS}\nold\n{page.ENDS}\n\nkept\n")
    for name, figures in {"draft": {"total_ms": 123.0}, "latent_vs_pixel": claim}.items():
        file = tmp_path / "figures.json"
        file.write_text(json.dumps({"machine": machine, "figures": {name: figures}}))
        monkeypatch.setattr("sys.argv", ["page", str(file), "--docs", str(tmp_path)])
        page.main()
    text = (tmp_path / "performance.md").read_text()
    assert "123" in text
    assert "**51**" in text
    assert "old" not in text
    assert text.endswith("kept\n")
    assert "<svg" in (tmp_path / "plots" / "latent-time.svg").read_text()


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.04712, "0.0471"), (1162.55, "1,163"), (23.31, "23.3"), (10.0, "10"), (1.0, "1"), (0.0, "0")],
)
def test_that_figures_have_three_digits(value: float, text: str, bench: Load) -> None:
    assert bench("svg_bars").short(value) == text
