"""Some hundred broken files through every reader; `lsegdiff bench fuzz` takes ten thousand."""

import json
import os
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
FILES = 480
MOST_MEGABYTES = 800


def test_that_broken_files_end_in_a_sentence_and_nothing_else(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    environment = os.environ | {"PYTHONPATH": str(CHECKOUT), "LSEGDIFF_FUZZ_FILES": str(FILES)}

    ended = subprocess.run(
        [sys.executable, str(CHECKOUT / "benchmarks" / "fuzz.py"), "--json", str(figures)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ended.returncode == 0, ended.stderr
    fuzz = json.loads(figures.read_text(encoding="utf-8"))["figures"]["fuzz"]
    assert (fuzz["files"], fuzz["tracebacks"], fuzz["hangs"], fuzz["files_written"]) == (FILES, 0, 0, 0)
    assert fuzz["read"] > 50
    assert fuzz["refused"] > 50
    assert fuzz["memory_mb"] < MOST_MEGABYTES


def test_that_a_number_breaks_a_file_in_the_same_way_again() -> None:
    break_it = (
        "from fuzzing.mutations import broken; print([broken(bytes(range(256)), n) for n in range(50)])"
    )
    broken = {
        subprocess.run(
            [sys.executable, "-c", break_it],
            env=os.environ | {"PYTHONPATH": str(CHECKOUT / "benchmarks"), "PYTHONHASHSEED": seed},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(broken) == 1
