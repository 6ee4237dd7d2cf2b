"""Drafts by OpenVINO on the inference thread, in a process of its own: what goes wrong there ends the process."""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from made.network import save_random

from lsegdiff_gui.model import openvino_runtime
from lsegdiff_gui.model.preparing import VERDICT, Verdict, folder_of, prepare

DRAFT_TWICE = """
import sys
import numpy as np
from PySide6.QtCore import QCoreApplication, QTimer
from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.workers.draft_queue import DraftJob
from lsegdiff_gui.workers.inference import InferenceThread

application, inference, drafts = QCoreApplication([]), InferenceThread(), []
pixels = np.full((80, 80, 3), 120, np.uint8)

def draft(*_):
    number = len(drafts)
    picture = Picture(pixels, pixels, sha256=str(number))
    inference.draft(DraftJob(number, number, picture, sys.argv[1]))

def drafted(_job, draft_):
    drafts.append(draft_)
    application.quit() if len(drafts) == 3 else QTimer.singleShot(50, draft)

inference.drafted.connect(drafted)
inference.failed.connect(lambda _job, sentence: (print(sentence), application.quit()))
draft()
application.exec()
inference.stop(10_000)
print([each.provenance.precision for each in drafts])
"""


def test_that_pictures_are_drafted_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("openvino", reason="needs OpenVINO, an extra")
    monkeypatch.delenv(openvino_runtime.SWITCH)
    monkeypatch.setenv("LSEGDIFF_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("os.nice", lambda _: 0)
    info = save_random(tmp_path / "tiny.safetensors")
    prepare(info)
    better = Verdict(torch_s=2.0, openvino_s=1.0, difference=0.0)
    (folder_of(info) / VERDICT).write_text(json.dumps(asdict(better)))

    ended = subprocess.run(
        [sys.executable, "-c", DRAFT_TWICE, str(info.path)],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )

    assert ended.returncode == 0, ended.stderr[-2000:]
    assert ended.stdout.count("by OpenVINO") == 3
