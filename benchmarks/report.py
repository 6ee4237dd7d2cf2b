"""What every benchmark writes: the machine it ran on and its figures."""

import argparse
import json
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from lsegdiff_gui.imaging.write import write_atomically
from lsegdiff_gui.machine import usable_cores

Figures = dict[str, dict[str, float]]


def output_file(description: str) -> Path | None:
    """Read a benchmark's command line: `--json FILE` says where its figures go beside the screen."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file as well")
    chosen: Path | None = parser.parse_args().json
    return chosen


def machine() -> dict[str, str | int]:
    """Describe this machine: processor, cores this process may use, system, Python, torch and PySide6."""
    return {
        "cpu": _processor(),
        "cores": usable_cores(),
        "amx": "amx_bf16" in _cpuinfo(),
        "os": platform.platform(),
        "python": platform.python_version(),
        "torch": _version("torch"),
        "pyside6": _version("PySide6-Essentials"),
    }


def write_report(figures: Figures, path: Path | None) -> None:
    """Print the figures as a table and, given a path, write them with the machine as JSON, atomically."""
    described = machine()
    for name, values in figures.items():
        for key, value in values.items():
            print(f"{name:<16} {key:<22} {value:>14,.3f}")
    print(f"on {described['cpu']}, {described['cores']} cores, torch {described['torch']}")
    if path is not None:
        text = json.dumps({"machine": described, "figures": figures}, indent=2) + "\n"
        write_atomically(path, text.encode())


def _processor() -> str:
    named = re.search(r"^model name\s*:\s*(.+)$", _cpuinfo(), re.MULTILINE)
    return named.group(1).strip() if named else platform.processor() or platform.machine()


def _cpuinfo() -> str:
    try:
        return Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return ""


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
