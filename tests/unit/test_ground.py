"""The checks that are not about behaviour: style, types, who imports whom, pinned versions."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent

CHECKS = {
    "ruff check": [sys.executable, "-m", "ruff", "check", "."],
    "ruff format": [sys.executable, "-m", "ruff", "format", "--check", "."],
    "mypy": [sys.executable, "-m", "mypy"],
    "import contracts": [str(TOOLS / "lint-imports")],
}
LINES_OF_A_THOUGHT = 400


@pytest.mark.parametrize("check", CHECKS)
def test_that_the_sources_pass(check: str) -> None:
    ran = subprocess.run(CHECKS[check], cwd=CHECKOUT, capture_output=True, text=True, timeout=600)

    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_that_every_source_file_is_one_thought() -> None:
    lengths = {
        path.relative_to(CHECKOUT): len(path.read_text(encoding="utf-8").splitlines())
        for path in (CHECKOUT / "lsegdiff_gui").rglob("*.py")
        if "_bundled" not in path.parts
    }

    assert [path for path, lines in lengths.items() if lines > LINES_OF_A_THOUGHT] == []


def _pinned() -> dict[str, str]:
    lines = (CHECKOUT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = (line.partition("==") for line in lines if line and not line.startswith("#"))
    return {_normalised(name): version for name, _equals, version in pins}


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_that_every_dependency_has_a_pinned_version() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    named = {_normalised(re.split(r"[<>=!~ \[]", requirement)[0]) for requirement in wanted}

    assert named - set(_pinned()) == set()


def test_that_pins_hold_no_path_and_no_local_build() -> None:
    assert [pin for pin in _pinned().items() if not re.fullmatch(r"[0-9][0-9a-z.]*", pin[1])] == []


def test_that_the_broken_binding_cannot_be_installed() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert any("PySide6-Essentials" in line and "!=6.12.0" in line for line in project["dependencies"])
