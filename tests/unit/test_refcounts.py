"""Qt calls must not use up Python's `None` and `True`: docs/decisions/0002."""

import json
import subprocess
import sys

# In a process of its own, because the fault ends the interpreter with SIGABRT.
SOAK = """
import json, sys
from PySide6.QtCore import QCoreApplication, QObject, Signal

class Beacon(QObject):
    lit = Signal(bool)

application = QCoreApplication([])
beacon = Beacon()
seen = []
beacon.lit.connect(lambda on: seen.append(1))
before = [sys.getrefcount(None), sys.getrefcount(True)]
for _ in range(5000):
    beacon.lit.emit(True)
for _ in range(5000):
    application.processEvents()
after = [sys.getrefcount(None), sys.getrefcount(True)]
print(json.dumps({"before": before, "after": after, "received": len(seen)}))
"""
NOISE = 50  # references that come and go on their own; the fault loses one for each of the 10,000 calls


def test_that_signals_and_events_lose_no_references_to_none_and_true() -> None:
    soak = subprocess.run([sys.executable, "-c", SOAK], capture_output=True, text=True, timeout=120)

    assert soak.returncode == 0, f"the interpreter ended with {soak.returncode}: {soak.stderr}"
    counts = json.loads(soak.stdout)
    assert counts["received"] == 5000
    for before, after in zip(counts["before"], counts["after"], strict=True):
        assert after >= before - NOISE
