"""That memory is handed out so that what is freed goes back to the system, tried in a process of its own."""

import subprocess
import sys

import pytest

PROGRAM = """
import os, sys, threading
from pathlib import Path
from lsegdiff_gui.ui.allocator import keep_compact

if sys.argv[1] == "compact":
    keep_compact()

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

import numpy as np
# Freed once, blocks of this size are taken from the heap from then on, where what lies behind them keeps them there.
kept = []
for _ in range(40):
    large = np.ones(4 << 20, np.uint8)
    kept.append(bytes(100_000))
    del large
blocks = [np.ones(4 << 20, np.uint8) for _ in range(20)]
pins = [bytes(100_000) for _ in range(20)]
before = resident()
blocks.clear()
print(before - resident())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's way of handing out memory")
def test_that_large_blocks_go_back_to_the_system_when_they_are_freed() -> None:
    given_back = subprocess.run(
        [sys.executable, "-c", PROGRAM, "compact"], capture_output=True, text=True, check=True
    ).stdout
    assert float(given_back) > 70
