"""Screens of other densities: Qt takes the density when the process starts, so each needs one of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_BESIDE = Path(__file__).parent
# What is told in coordinates of the picture holds on every screen.
_TOLD = (
    "repaints_leave or refreshing or dragging or wheel or eraser or enter_paints or pinching or two_fingers"
    " or whatever_was_seen"
)


@pytest.mark.parametrize("density", ["1.5", "2"])
def test_that_the_canvas_does_the_same_on_a_denser_screen(density: str, tmp_path: Path) -> None:
    ended = subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-p",
                "no:cacheprovider",
                "--basetemp",
                str(tmp_path / "temp"),
            ),
            *(
                str(_BESIDE / f"test_{name}.py")
                for name in ("painting", "moving", "pointing", "showing", "comparing", "viewport")
            ),
            *("-k", _TOLD),
        ],
        env=os.environ | {"QT_SCALE_FACTOR": density},
        cwd=_BESIDE.parents[3],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert " passed" in ended.stdout
