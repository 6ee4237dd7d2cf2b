from collections.abc import Callable
from pathlib import Path

import pytest

from lsegdiff_gui import places
from lsegdiff_gui.cli import checkup, main
from lsegdiff_gui.cli.checkup import Finding


def _states(findings: object) -> list[str]:
    return [finding.state for finding in findings]  # type: ignore[attr-defined]


def _all_at_their_pins(name: str) -> str | None:
    return None if name == "opencv-python" else "6.11.3"


def test_that_an_old_python_is_named_with_what_to_type() -> None:
    (finding,) = checkup.check_python((3, 10, 12))

    assert finding.state == "missing"
    assert "3.10.12" in finding.what
    assert "3.11" in finding.type_this


def test_that_every_dependency_of_the_project_is_looked_at() -> None:
    said = " ".join(finding.what for finding in checkup.check_packages(_all_at_their_pins)).lower()

    for name in ("pyside6-essentials", "torch", "numpy", "opencv-python-headless", "safetensors", "typer"):
        assert name in said
    assert "pytest" not in said


def test_that_a_missing_package_is_missing() -> None:
    findings = list(checkup.check_packages(lambda name: None if name == "safetensors" else "1"))

    assert (
        Finding("missing", "the package safetensors is not installed", 'pip install "safetensors"')
        in findings
    )


@pytest.mark.parametrize(("running", "state"), [((3, 11, 7), "missing"), ((3, 12, 0), "ok")])
def test_that_the_broken_binding_is_a_fault_only_where_it_aborts(
    running: tuple[int, ...], state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.version_info", running)

    findings = checkup.check_packages(lambda name: "6.12.0")

    binding = next(finding for finding in findings if "pyside6-essentials" in finding.what.lower())
    assert binding.state == state


def test_that_two_opencvs_are_noted() -> None:
    assert "note" in _states(checkup.check_packages(lambda _name: "5.0"))


def test_that_without_pydicom_dicom_is_a_note_with_what_to_type() -> None:
    (finding,) = checkup.check_dicom(None, dict)

    assert finding.state == "note"
    assert finding.type_this == "pip install pydicom"


def test_that_a_compression_without_a_decoder_is_named() -> None:
    there, lacking = checkup.check_dicom("3.0.2", lambda: {"JPEG-LS": "pylibjpeg pylibjpeg-libjpeg"})

    assert there.state == "ok"
    assert "JPEG-LS" in lacking.what
    assert lacking.type_this == "pip install pylibjpeg pylibjpeg-libjpeg"


def _all_but(library: str) -> Callable[[str], bool]:
    return lambda name: name != library


@pytest.mark.skipif("sys.platform != 'linux'", reason="only Linux leaves these libraries to the user")
class TestLibraries:
    def test_that_a_missing_one_is_named_with_its_package(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("shutil.which", lambda _name: "/usr/bin/apt-get")

        findings = checkup.check_libraries(_all_but("libEGL.so.1"), {})

        assert next(findings) == Finding(
            "missing", "Qt's system libraries lack libEGL.so.1", "sudo apt install libegl1"
        )

    def test_that_without_apt_no_apt_line_is_printed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("shutil.which", lambda _name: None)

        assert "apt" not in next(checkup.check_libraries(_all_but("libEGL.so.1"), {})).type_this

    @pytest.mark.parametrize(("environment", "state"), [({"DISPLAY": ":0"}, "missing"), ({}, "note")])
    def test_that_those_of_a_window_are_needed_where_a_window_can_open(
        self, environment: dict[str, str], state: str
    ) -> None:
        findings = checkup.check_libraries(_all_but("libxcb-cursor.so.0"), environment)

        assert _states(findings) == ["ok", state]

    def test_that_no_display_is_a_note(self) -> None:
        assert _states(checkup.check_display({})) == ["note"]
        assert _states(checkup.check_display({"WAYLAND_DISPLAY": "wayland-0"})) == ["ok"]


def test_that_a_folder_that_cannot_be_made_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "a file"
    blocked.touch()
    monkeypatch.setenv("LSEGDIFF_HOME", str(blocked))

    findings = list(checkup.check_folders())

    assert _states(findings) == ["missing"] * 4
    assert str(blocked / "data") in findings[0].what


def test_that_weights_that_are_not_there_are_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "bundled", lambda *parts: tmp_path.joinpath(*parts))

    findings = list(checkup.check_weights())

    assert _states(findings) == ["missing", "missing"]
    assert "polyp.safetensors" in findings[0].what


@pytest.mark.parametrize(("state", "status"), [("ok", 0), ("note", 0), ("missing", 1)])
def test_that_only_what_is_missing_makes_doctor_fail(
    state: str, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    finding = Finding(state, "the state of things", "type this")  # type: ignore[arg-type]
    monkeypatch.setattr("lsegdiff_gui.cli.doctor.check_up", lambda: [finding])

    assert main(["doctor"]) == status

    said = capsys.readouterr().out
    assert "the state of things" in said
    assert "→ type this" in said
