"""What the program needs of this machine, each need looked at on its own. Imports neither Qt nor torch."""

import ctypes
import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Literal

from lsegdiff_gui import places
from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.imaging import dicom
from lsegdiff_gui.machine import MULTIPLIES_BF16, usable_cores

OLDEST_PYTHON = (3, 11)
# Its void calls drop a reference to None and True where these are not immortal: docs/decisions/0002.
BROKEN_BINDING = ("6.12.0", (3, 12))
MODELS = ("polyp", "skin")

# What Qt loads at run time, and the Debian and Ubuntu package that carries it.
LIBRARIES_OF_QT = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
}
LIBRARIES_OF_A_WINDOW = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-randr.so.0": "libxcb-randr0",
}


@dataclass(frozen=True)
class Finding:
    """One need: how it stands, in words, and what to type where something is missing."""

    state: Literal["ok", "note", "missing"]
    what: str
    type_this: str = ""


def check_up() -> list[Finding]:
    """Look at everything, in the order in which the needs build upon each other."""
    return [
        *check_python(sys.version_info[:3]),
        *check_packages(_installed),
        *check_dicom(_installed("pydicom"), dicom.missing_decoders),
        *check_openvino(_installed("openvino")),
        *check_libraries(_loads, os.environ),
        *check_display(os.environ),
        *check_weights(),
        *check_folders(),
        *check_processor(),
    ]


def check_python(running: tuple[int, ...]) -> Iterator[Finding]:
    """Is the interpreter new enough?"""
    said = f"Python {'.'.join(map(str, running))}"
    if running >= OLDEST_PYTHON:
        yield Finding("ok", said)
    else:
        yield Finding("missing", f"{said} is too old: 3.11 or newer is needed", "sudo apt install python3.11")


def check_packages(installed: Callable[[str], str | None]) -> Iterator[Finding]:
    """Is every package there that the program imports, and none of them known to break it?"""
    for name in _needed_packages():
        found = installed(name)
        if found is None:
            yield Finding("missing", f"the package {name} is not installed", f'pip install "{name}"')
        elif name.lower() == "pyside6-essentials" and _is_broken(found):
            yield Finding(
                "missing",
                f"{name} {found} ends the program within seconds on Python older than 3.12",
                'pip install "PySide6-Essentials==6.11.3" "shiboken6==6.11.3"',
            )
        else:
            yield Finding("ok", f"{name} {found}")
    if installed("opencv-python") is not None:
        yield Finding(
            "note",
            "opencv-python is installed beside opencv-python-headless: they overwrite each other",
            "pip uninstall opencv-python; pip install --force-reinstall opencv-python-headless",
        )


def check_dicom(
    installed: str | None, missing_decoders: Callable[[], Mapping[str, str]]
) -> Iterator[Finding]:
    """Can DICOM pictures be opened, and which of them not? An extra: nothing else needs it."""
    if installed is None:
        yield Finding(
            "note", "DICOM pictures cannot be opened: pydicom is not installed", "pip install pydicom"
        )
        return
    yield Finding("ok", f"pydicom {installed}: DICOM pictures can be opened")
    for compression, packages in missing_decoders().items():
        yield Finding(
            "note", f"DICOM pictures compressed as {compression} cannot be opened", f"pip install {packages}"
        )


def check_openvino(installed: str | None) -> Iterator[Finding]:
    """Is there the run time that drafts faster on some processors? An extra."""
    if installed is None:
        yield Finding(
            "note",
            "OpenVINO is not installed: on many processors it drafts faster than PyTorch",
            "pip install openvino",
        )
    else:
        yield Finding("ok", f"OpenVINO {installed}: drafts where it is found to be faster than PyTorch")


def _is_broken(binding: str) -> bool:
    broken, immortal_since = BROKEN_BINDING
    return binding == broken and sys.version_info < immortal_since


def _needed_packages() -> list[str]:
    try:
        lines = requires("lsegdiff") or []
    except PackageNotFoundError:
        lines = []
    return [re.split(r"[\s<>=!~;\[(]", line)[0] for line in lines if "extra ==" not in line]


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def check_libraries(loads: Callable[[str], bool], environment: Mapping[str, str]) -> Iterator[Finding]:
    """Are the system's libraries there that Qt loads? Only Linux leaves them to the user."""
    if sys.platform != "linux":
        return
    yield from _check_some("Qt's system libraries", LIBRARIES_OF_QT, loads, "missing")
    # Without an X server nothing loads these; a note saves the second round of installing.
    weight: Literal["missing", "note"] = "missing" if environment.get("DISPLAY") else "note"
    yield from _check_some("the libraries of a window under X11", LIBRARIES_OF_A_WINDOW, loads, weight)


def _check_some(
    title: str, libraries: Mapping[str, str], loads: Callable[[str], bool], weight: Literal["missing", "note"]
) -> Iterator[Finding]:
    lacking = [library for library in libraries if not loads(library)]
    if not lacking:
        yield Finding("ok", f"{title} are there ({len(libraries)})")
    elif shutil.which("apt-get"):
        packages = " ".join(libraries[library] for library in lacking)
        yield Finding(weight, f"{title} lack {', '.join(lacking)}", f"sudo apt install {packages}")
    else:
        yield Finding(weight, f"{title} lack {', '.join(lacking)}", "install the packages that carry them")


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def check_display(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Can a window open here?"""
    if sys.platform != "linux":
        return
    screens = [environment[name] for name in ("WAYLAND_DISPLAY", "DISPLAY") if environment.get(name)]
    if screens:
        yield Finding("ok", f"display {screens[0]}")
    else:
        yield Finding(
            "note",
            "no display: the window cannot open here, `lsegdiff segment` and `make run` do without",
            "xvfb-run -a make run",
        )


def check_weights() -> Iterator[Finding]:
    """Are the shipped models there and whole?"""
    from lsegdiff_gui.model.checkpoint import read_info  # it reads the file's header, without torch

    for name in MODELS:
        path = places.bundled("models", f"{name}.safetensors")
        try:
            info = read_info(path)
        except LSegDiffError as error:
            is_checkout = places.bundled(".git").exists()
            again = "git checkout -- models" if is_checkout else "pip install --force-reinstall lsegdiff"
            yield Finding("missing", str(error), again)
        else:
            yield Finding("ok", f"model {name}, version {info.version}, SHA-256 {info.sha256}")


def check_folders() -> Iterator[Finding]:
    """Can the program write where it keeps projects, settings, thumbnails and logs?"""
    for folder in (places.data_folder, places.config_folder, places.cache_folder, places.log_folder):
        try:
            path = folder()
            with tempfile.NamedTemporaryFile(dir=path):
                pass
        except OSError as error:
            named = Path(error.filename or "")
            denied = isinstance(error, PermissionError)
            way_out = f'chmod u+rwx "{named}"' if denied else "export LSEGDIFF_HOME=/a/folder/of/yours"
            yield Finding("missing", f"cannot write in {named}: {error.strerror}", way_out)
        else:
            yield Finding("ok", f"can write in {path}")


def check_processor() -> Iterator[Finding]:
    """How fast will drafting be?"""
    cores = usable_cores()
    try:
        able = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        able = ""
    with_what = [words for name, words in MULTIPLIES_BF16.items() if name in able]
    extra = f", with {with_what[0]} (drafts in bfloat16)" if with_what else ""
    yield Finding("ok", f"{cores} cores of {platform.processor() or platform.machine()}{extra}")
