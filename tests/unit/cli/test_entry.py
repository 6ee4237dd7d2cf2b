import subprocess
import sys
from pathlib import Path

import pytest

from lsegdiff_gui import __version__
from lsegdiff_gui.cli import main

IMPORTED_AFTER = """
import sys
from lsegdiff_gui.cli import main
status = main({arguments!r})
print("imported:", *sorted({{name.partition(".")[0] for name in sys.modules}} & {{"torch", "PySide6"}}))
sys.exit(status)
"""


@pytest.mark.parametrize(
    "arguments", [["--help"], ["segment", "--help"], ["train", "--help"], ["export", "--help"], ["--version"]]
)
def test_that_help_imports_neither_torch_nor_qt(arguments: list[str]) -> None:
    script = IMPORTED_AFTER.format(arguments=arguments)

    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[-1] == "imported:"


def test_that_doctor_imports_neither_torch_nor_qt() -> None:
    script = IMPORTED_AFTER.format(arguments=["doctor"])

    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)

    assert ran.stdout.splitlines()[-1] == "imported:", ran.stderr


def test_that_the_program_can_be_started_as_a_command() -> None:
    command = Path(sys.executable).with_name("lsegdiff")

    ran = subprocess.run([command, "--version"], capture_output=True, text=True, timeout=60)

    assert (ran.returncode, ran.stdout) == (0, f"lsegdiff {__version__}\n")


@pytest.mark.parametrize("arguments", [["paint"], ["--loud"], ["segment"], ["bench"]])
def test_that_wrong_arguments_exit_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2

    assert "Traceback" not in capsys.readouterr().err


def test_that_every_promised_command_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0

    said = capsys.readouterr().out
    for command in ("segment", "evaluate", "train", "export", "import", "bench", "doctor"):
        assert command in said


def _break(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr("lsegdiff_gui.cli.doctor.check_up", broken)


def test_that_a_fault_of_the_program_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _break(monkeypatch)

    assert main(["doctor"]) == 1

    said = capsys.readouterr().err
    assert "ZeroDivisionError: a fault" in said
    assert "--debug" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("arguments", [["--debug", "doctor"], ["doctor", "--debug"]])
def test_that_debug_shows_where(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    _break(monkeypatch)

    with pytest.raises(ZeroDivisionError):
        main(arguments)


def test_that_a_reader_that_goes_away_is_no_fault() -> None:
    command = [sys.executable, "-m", "lsegdiff_gui.cli", "--help"]

    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdout.close()
        complaint = started.stderr.read()

    assert complaint == b""


def test_that_ctrl_c_while_the_program_starts_is_a_sentence() -> None:
    script = """
import builtins, sys
import lsegdiff_gui.cli
usual = builtins.__import__
def interrupted(name, *rest):
    if name == "lsegdiff_gui.cli.entry":
        raise KeyboardInterrupt
    return usual(name, *rest)
builtins.__import__ = interrupted
sys.exit(lsegdiff_gui.cli.main(["doctor"]))
"""

    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)

    assert (ran.returncode, ran.stderr) == (130, "Stopped before anything was done.\n")


def test_that_ctrl_c_in_a_command_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("lsegdiff_gui.cli.doctor.check_up", stopped)

    assert main(["doctor"]) == 130

    assert "Stopped." in capsys.readouterr().err
