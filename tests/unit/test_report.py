import json
from pathlib import Path

import pytest

from benchmarks.report import machine, write_report


def test_that_a_report_holds_the_machine_and_the_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_report({"draft": {"total_ms": 321.0}}, tmp_path / "draft.json")

    written = json.loads((tmp_path / "draft.json").read_text(encoding="utf-8"))
    assert written == {"machine": machine(), "figures": {"draft": {"total_ms": 321.0}}}
    assert "321.000" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["draft.json"]


def test_that_without_a_file_the_table_is_printed_only(capsys: pytest.CaptureFixture[str]) -> None:
    write_report({"tick": {"p99_ms": 0.4}}, None)

    assert "p99_ms" in capsys.readouterr().out


def test_that_the_machine_is_named_well_enough_to_compare() -> None:
    described = machine()

    assert {"cpu", "cores", "python", "torch", "os"} <= set(described)
    assert described["cores"] >= 1  # type: ignore[operator]
    assert described["torch"] != "not installed"
