import json
from pathlib import Path

import pytest

from lsegdiff_gui import places
from lsegdiff_gui.cli import main

MEASURED = """
import json, sys
from pathlib import Path
report = {"machine": {"cores": 2}, "figures": {NAME: {"total_ms": 12.5}}}
Path(sys.argv[sys.argv.index("--json") + 1]).write_text(json.dumps(report))
"""


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with the benchmarks `draft` and `tick`, and one that fails."""
    folder = tmp_path / "benchmarks"
    folder.mkdir()
    for name in ("draft", "tick"):
        (folder / f"{name}.py").write_text(f"NAME = {name!r}\n{MEASURED}", encoding="utf-8")
    (folder / "paint.py").write_text("raise SystemExit(3)", encoding="utf-8")
    for name in ("report", "pixel_denoisers", "ablation", "levers", "pooled", "strangers"):
        (folder / f"{name}.py").touch()
    monkeypatch.setattr(places, "bundled", lambda *parts: tmp_path.joinpath(*parts))
    return tmp_path


def test_that_the_figures_of_several_benchmarks_come_in_one_file(checkout: Path) -> None:
    assert main(["bench", "draft", "tick", "--json", str(checkout / "figures.json")]) == 0

    assert json.loads((checkout / "figures.json").read_text(encoding="utf-8")) == {
        "machine": {"cores": 2},
        "figures": {"draft": {"total_ms": 12.5}, "tick": {"total_ms": 12.5}},
    }


def test_that_a_failing_benchmark_is_named_and_the_others_are_kept(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", "paint", "draft", "--json", str(checkout / "figures.json")]) == 1

    assert "“paint” failed" in capsys.readouterr().err
    assert list(json.loads((checkout / "figures.json").read_text(encoding="utf-8"))["figures"]) == ["draft"]


@pytest.mark.parametrize("name", ["report", "ablation", "strangers", "magic"])
def test_that_an_unknown_benchmark_lists_the_known(
    name: str, checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", name]) == 2

    said = " ".join(capsys.readouterr().err.replace("│", " ").split())
    assert f"there is no benchmark “{name}”; there are draft, paint, tick." in said


def test_that_outside_a_checkout_bench_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(places, "bundled", lambda *parts: tmp_path.joinpath(*parts))

    assert main(["bench", "draft"]) == 2

    assert "checkout" in capsys.readouterr().err
