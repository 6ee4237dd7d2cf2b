import sys
from pathlib import Path

import pytest

from lsegdiff_gui.workers.free_memory import give_memory_back


def resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text("utf-8").split()[1]) * 4096 / 2**20


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's heaps are Linux's")
def test_that_gaps_between_small_blocks_that_stay_go_back_to_the_system() -> None:
    blocks = [bytearray(60_000) for _ in range(4000)]  # 240 MB
    kept = blocks[::40]
    full = resident_mb()
    del blocks
    give_memory_back()
    assert len(kept) == 100
    assert resident_mb() < full - 150


def test_that_where_there_is_no_such_function_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lsegdiff_gui.workers.free_memory._trim", lambda: None)
    give_memory_back()
