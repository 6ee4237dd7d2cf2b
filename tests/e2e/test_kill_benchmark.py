"""The benchmark that kills the program, for a few rounds: one of them while an older project is brought up to date."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

_BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "kill.py"


@pytest.mark.skipif(sys.platform == "win32", reason="kills by SIGKILL")
def test_that_a_program_in_full_work_loses_nothing_when_it_is_killed(tmp_path: Path) -> None:
    ended = subprocess.run(
        [
            sys.executable,
            str(_BENCHMARK),
            "--kills",
            "2",
            "--every",
            "2",
            "--json",
            str(tmp_path / "figures.json"),
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    figures = json.loads((tmp_path / "figures.json").read_text())["figures"]["kill"]
    assert (figures["kills"], figures["lost"]) == (2, 0)
