import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lsegdiff_gui.cli import main
from lsegdiff_gui.training.data import LeftOut


@pytest.fixture
def unusable() -> list[Path]:
    """Pictures that the runs leave out."""
    return []


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch, unusable: list[Path]) -> list[dict[str, Any]]:
    """What each run was told; it takes two steps and leaves its weights."""
    told: list[dict[str, Any]] = []

    def train(
        config: Any,
        *,
        out: Path,
        progress: Callable[[str, int, int, dict[str, float]], None],
        on_left_out: Callable[[list[LeftOut]], None],
        **rest: Any,
    ) -> None:
        told.append({"config": config, "out": out, **rest})
        on_left_out([LeftOut(path, "it has no mask.") for path in unusable])
        for step in (1, 2):
            progress("vae", step, 2, {"loss": 0.5 / step})
        out.mkdir()
        (out / f"{config.name}.safetensors").touch()

    monkeypatch.setattr("lsegdiff_gui.training.stages.train", train)
    return told


@pytest.fixture
def data(tmp_path: Path) -> list[str]:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    return [str(folder) for folder in folders]


def test_that_all_stages_run_over_all_folders(
    runs: list[dict[str, Any]], data: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--data", *data, "--out", str(tmp_path / "run")]) == 0

    assert runs[0]["stages"] == ("vae", "twin", "image", "diffusion")
    assert [str(folder) for folder in runs[0]["data"]] == data
    assert runs[0]["resume"] is False
    said = capsys.readouterr().err
    assert str(tmp_path / "run" / "custom.safetensors") in said
    assert str(tmp_path / "run" / "report.md") in said
    assert "Left out" not in said


def test_that_the_first_ten_pictures_left_out_are_named_and_the_others_counted(
    runs: list[dict[str, Any]],
    unusable: list[Path],
    data: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    unusable += [Path(f"[case] {i}.png") for i in range(13)]

    assert main(["train", "--data", data[0], "--out", str(tmp_path / "run")]) == 0

    said = capsys.readouterr().err
    assert "Left out: 13 pictures." in said
    assert "[case] 9.png: it has no mask." in said
    assert "[case] 10.png" not in said
    assert "and 3 more" in said


def test_that_data_may_be_a_coco_file(runs: list[dict[str, Any]], tmp_path: Path) -> None:
    (tmp_path / "all.json").touch()

    assert main(["train", "--data", str(tmp_path / "all.json"), "--out", str(tmp_path / "run")]) == 0

    assert runs[0]["data"] == [tmp_path / "all.json"]


def test_that_only_the_leader_of_a_team_speaks(
    runs: list[dict[str, Any]],
    unusable: list[Path],
    data: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    unusable.append(Path("case.png"))
    monkeypatch.setenv("RANK", "1")

    assert main(["train", "--data", *data, "--out", str(tmp_path / "run")]) == 0

    assert len(runs) == 1
    assert capsys.readouterr().err == ""


def test_that_folders_may_also_be_named_by_an_option_each(
    runs: list[dict[str, Any]], data: list[str], tmp_path: Path
) -> None:
    assert main(["train", "--data", data[0], "--data", data[1], "--out", str(tmp_path / "run")]) == 0

    assert [str(folder) for folder in runs[0]["data"]] == data


def test_that_stage_device_and_configuration_are_passed_on(
    runs: list[dict[str, Any]], data: list[str], tmp_path: Path
) -> None:
    (tmp_path / "short.json").write_text(json.dumps({"name": "short", "domain": "skin"}), encoding="utf-8")
    options = ["--stage", "twin", "--device", "cpu", "--config", str(tmp_path / "short.json"), "--resume"]

    assert main(["train", "--data", *data, "--out", str(tmp_path / "run"), *options]) == 0

    assert runs[0]["stages"] == ("twin",)
    assert runs[0]["device"].type == "cpu"
    assert (runs[0]["config"].name, runs[0]["config"].domain) == ("short", "skin")
    assert runs[0]["resume"] is True


def test_that_a_run_is_not_begun_over_another_by_accident(
    runs: list[dict[str, Any]], data: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "vae.state.safetensors").touch()

    assert main(["train", "--data", *data, "--out", str(tmp_path / "run")]) == 2

    assert runs == []
    assert "--resume" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options",
    [["--stage", "magic"], ["--config", "gone.json"], ["--device", "abacus"], ["gone"]],
)
def test_that_wrong_options_are_bad_arguments(
    options: list[str], runs: list[dict[str, Any]], data: list[str], tmp_path: Path
) -> None:
    assert main(["train", "--data", *data, "--out", str(tmp_path / "run"), *options]) == 2

    assert runs == []


def test_that_a_configuration_that_is_not_understood_is_a_sentence(
    runs: list[dict[str, Any]], data: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.json").write_text('{"colour": "red"}', encoding="utf-8")

    status = main(["train", "--data", *data, "--out", str(tmp_path), "--config", str(tmp_path / "bad.json")])

    assert status == 2
    assert "“colour” is not one of" in capsys.readouterr().err
    assert runs == []
