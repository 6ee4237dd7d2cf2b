"""What holds for every test: it leaves nothing running, calls nobody, and writes only where it may."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_API", "pyside6")
os.environ.setdefault("LSEGDIFF_OPENVINO", "0")  # what a test is about must not depend on what is installed

from guards.outside import keep_inside, session_folder
from guards.quiet import no_unexpected_warnings
from guards.running import nothing_left_running
from hypothesis import settings

__all__ = ["keep_inside", "no_unexpected_warnings", "nothing_left_running", "session_folder"]

# A shared machine stalls now and then: a deadline per example would fail tests for that alone.
settings.register_profile("shared machine", deadline=None)
settings.load_profile("shared machine")

_CHECKOUT = Path(__file__).resolve().parents[1]


@pytest.fixture
def real_data() -> Path:
    """The folder of real annotated pictures (polyp/, skin/, large/); the test is skipped without it."""
    named = os.environ.get("LSEGDIFF_DATA")
    folder = Path(named) if named else _CHECKOUT.parent / "shared" / "data"
    if not (folder / "polyp").is_dir() or not (folder / "skin").is_dir():
        pytest.skip(f"needs the real pictures, looked for in {folder} (LSEGDIFF_DATA names another folder)")
    return folder
