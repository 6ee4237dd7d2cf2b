import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.pooled import main


def write_evaluation(path: Path, gain: float, *, pictures: int = 60) -> Path:
    rng = np.random.default_rng(len(path.stem))
    rows = [
        {
            "stem": f"{path.stem} {i}", "iou": 0.8, "hd95": 3.0, "nsd": 0.9, "present": True, "found": True,
            "overlaps": True, "spread": 0.1, "seconds": 1.0, "foreground": 0.2, "centre": None,
            "dice": 0.8 + gain + float(rng.normal(0, 0.01)), "equal_twin_dice": 0.8,
        }
        for i in range(pictures)
    ]  # fmt: skip
    path.write_text(json.dumps({"summary": {}, "pictures": rows}), encoding="utf-8")
    return path


def test_that_the_pool_is_of_all_pictures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = write_evaluation(tmp_path / "small.json", 0.0, pictures=20)
    large = write_evaluation(tmp_path / "large.json", 0.04, pictures=60)

    assert main([str(small), str(large), "--json", str(tmp_path / "out.json")]) == 0

    figures = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert figures["small"]["ahead_of_equal_twin"] == pytest.approx(0.0, abs=0.01)
    assert figures["large"]["ahead_of_equal_twin_low"] > 0.03
    assert figures["pooled"]["pictures"] == 80
    assert figures["pooled"]["ahead_of_equal_twin"] == pytest.approx(0.03, abs=0.005)
    assert figures["pooled"]["ahead_of_equal_twin_low"] > 0.02
    assert "pooled.ahead_of_equal_twin" in capsys.readouterr().out


def test_that_a_file_of_something_else_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for text in ("{}", "not JSON", '{"pictures": []}', '{"pictures": [{"stem": "a", "dice": 0.5}]}'):
        (tmp_path / "other.json").write_text(text, encoding="utf-8")
        assert main([str(tmp_path / "other.json")]) == 2
        assert "other.json" in capsys.readouterr().err
    assert main([str(tmp_path / "gone.json")]) == 2
    assert "gone.json" in capsys.readouterr().err
