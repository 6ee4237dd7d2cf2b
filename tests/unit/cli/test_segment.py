import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest
import tifffile
from made.finds_dark import Models

from lsegdiff_gui.annotation.findings import Findings
from lsegdiff_gui.cli import main
from lsegdiff_gui.imaging.read import read, read_mask
from lsegdiff_gui.model.domain import guess_domain
from lsegdiff_gui.training.metrics import dice


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _said(capsys: pytest.CaptureFixture[str]) -> str:
    return _flat(capsys.readouterr().err)


def _flat(text: str) -> str:
    return " ".join(text.replace("│", " ").split())


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "drafts"


@pytest.mark.usefixtures("models")
def test_that_a_folder_becomes_masks_of_the_pictures_own_size(folder: Path, out: Path) -> None:
    assert main(["segment", str(folder / "images"), "--out", str(out), "--model", "skin"]) == 0

    assert _names(out) == ["annotations.json", "one_mask.png", "three_mask.png", "two_mask.png"]
    for name in ("one", "two", "three"):
        truth, mask = read_mask(folder / "masks" / f"{name}.png"), read_mask(out / f"{name}_mask.png")
        assert mask.shape == truth.shape
        assert dice(mask, truth) > 0.97
        assert set(np.unique(read(out / f"{name}_mask.png").native)) == {0, 255}


@pytest.mark.parametrize(
    ("chosen", "written"),
    [
        ("png", ["one_mask.png"]),
        ("coco", ["annotations.json"]),
        ("both", ["annotations.json", "one_mask.png"]),
    ],
)
@pytest.mark.usefixtures("models")
def test_that_only_the_chosen_format_is_written(
    chosen: str, written: list[str], folder: Path, out: Path
) -> None:
    picture = str(folder / "images" / "one.png")

    assert main(["segment", picture, "--out", str(out), "--model", "polyp", "--format", chosen]) == 0

    assert _names(out) == written


@pytest.mark.usefixtures("models")
def test_that_json_is_one_object_for_each_picture_and_nothing_else_is_on_stdout(
    folder: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["segment", str(folder / "images"), "--out", str(out), "--model", "skin", "--json"]) == 0

    captured = capsys.readouterr()
    records = {Path(record["file"]).name: record for record in map(json.loads, captured.out.splitlines())}
    assert set(records) == {"one.png", "two.png", "three.png"}
    mask = read_mask(out / "two_mask.png")
    assert records["two.png"] == {
        "file": str(folder / "images" / "two.png"),
        "width": 200,
        "height": 300,
        "foreground_fraction": pytest.approx(mask.mean()),
        "spread_score": 0.0,
        "presence": 1.0,
        "no_lesion": False,
        "strangeness": 0.0,
        "seconds": 1.25,
        "model": "skin",
        "weights_sha256": "ab" * 32,
    }
    assert "SHA-256 abababab" in captured.err


@pytest.mark.usefixtures("models")
def test_that_the_coco_file_tells_where_each_mask_comes_from(folder: Path, out: Path) -> None:
    options = ["--model", "skin", "--seed", "7", "--steps", "3", "--samples", "2", "--kernel", "9"]
    assert main(["segment", str(folder / "images"), "--out", str(out), *options]) == 0

    written = json.loads((out / "annotations.json").read_text(encoding="utf-8"))
    for entry in written["annotations"]:
        origin = entry["attributes"]
        assert (origin["seed"], origin["steps"], origin["samples"]) == (7, 3, 2)
        assert origin["weights_sha256"] == "ab" * 32
        assert origin["recipe"]["kernel"] == 9
    hashes = {entry["attributes"]["picture_sha256"] for entry in written["annotations"]}
    assert hashes == {read(path).sha256 for path in (folder / "images").iterdir()}


def test_that_a_picture_without_a_lesion_gets_an_empty_mask_and_says_so(
    folder: Path, out: Path, models: Models, capsys: pytest.CaptureFixture[str]
) -> None:
    models.findings["two.png"] = Findings(presence=0.1)

    assert main(["segment", str(folder / "images"), "--out", str(out), "--model", "skin", "--json"]) == 0

    captured = capsys.readouterr()
    records = {Path(record["file"]).name: record for record in map(json.loads, captured.out.splitlines())}
    found = {name: (record["presence"], record["no_lesion"]) for name, record in records.items()}
    assert found == {"one.png": (1.0, False), "two.png": (0.1, True), "three.png": (1.0, False)}
    assert records["two.png"]["foreground_fraction"] == 0.0
    assert not read_mask(out / "two_mask.png").any()
    written = json.loads((out / "annotations.json").read_text(encoding="utf-8"))
    attributes = {image["file_name"]: image["attributes"] for image in written["images"]}
    assert (attributes["two.png"]["presence"], attributes["two.png"]["no_lesion"]) == (0.1, True)
    assert "3 pictures drafted: 1 without a lesion." in _flat(captured.err)


def test_that_a_picture_without_a_lesion_shows_its_candidate_at_a_lower_threshold(
    folder: Path, out: Path, models: Models
) -> None:
    models.findings["two.png"] = Findings(presence=0.1)
    picture = str(folder / "images" / "two.png")

    assert main(["segment", picture, "--out", str(out), "--model", "skin", "--threshold", "0.05"]) == 0

    assert dice(read_mask(out / "two_mask.png"), read_mask(folder / "masks" / "two.png")) > 0.97


def test_that_a_strange_picture_is_told_in_one_sentence_that_names_the_model_that_fits(
    folder: Path, out: Path, models: Models, capsys: pytest.CaptureFixture[str]
) -> None:
    models.findings["two.png"] = Findings(strangeness=2.0)
    picture = folder / "images" / "two.png"
    fitting = guess_domain(read(picture).rgb8)
    other, pictures = {"skin": ("polyp", "colonoscopy"), "polyp": ("skin", "dermoscopy")}[fitting]

    assert main(["segment", str(folder / "images"), "--out", str(out), "--model", other, "--json"]) == 0
    captured = capsys.readouterr()
    lines = [line for line in captured.err.splitlines() if "does not look like" in line]
    assert len(lines) == 1
    assert lines[0].startswith(
        f"“{picture}” does not look like the {pictures} pictures the model {other} knows: it looks like "
    )
    assert lines[0].endswith(f"(--model {fitting}).")
    assert "3 pictures drafted: 1 of an unfamiliar kind." in _flat(captured.err)
    assert [json.loads(line)["strangeness"] for line in captured.out.splitlines()].count(2.0) == 1

    assert main(["segment", str(folder / "images"), "--out", str(out), "--model", fitting]) == 0
    assert "knows; check its draft with care." in _said(capsys)


@pytest.mark.usefixtures("models")
def test_that_a_broken_picture_is_named_and_the_rest_is_written(
    folder: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "images" / "broken.png").write_text("no picture", encoding="utf-8")

    assert main(["segment", str(folder / "images"), "--out", str(out), "--model", "skin", "--json"]) == 1

    captured = capsys.readouterr()
    assert "broken.png" in captured.err
    assert len(captured.out.splitlines()) == 3
    assert _names(out) == ["annotations.json", "one_mask.png", "three_mask.png", "two_mask.png"]


@pytest.mark.usefixtures("models")
def test_that_a_mask_that_cannot_be_written_has_no_json_and_its_picture_is_named_with_its_folder(
    folder: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (out / "two_mask.png").mkdir(parents=True)

    assert main(["segment", str(folder / "images"), "--out", str(out), "--model", "skin", "--json"]) == 1

    captured = capsys.readouterr()
    written = [Path(json.loads(line)["file"]).name for line in captured.out.splitlines()]
    assert written == ["one.png", "three.png"]
    assert f"{folder / 'images' / 'two.png'}: “two_mask.png” was not written" in captured.err


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has file names that are no text")
@pytest.mark.usefixtures("models")
def test_that_a_name_that_is_no_text_survives_in_pure_json(
    folder: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = folder / os.fsdecode(b"odd\xff.png")
    (folder / "images" / "one.png").rename(odd)

    assert main(["segment", str(odd), "--out", str(out), "--model", "skin", "--json"]) == 0

    said = capsys.readouterr().out
    assert said.isascii()
    assert Path(json.loads(said)["file"]) == odd


@pytest.mark.usefixtures("models")
def test_that_drafting_a_folder_into_itself_twice_gives_the_same_files(folder: Path) -> None:
    images = folder / "images"
    command = ["segment", str(images), "--out", str(images), "--model", "skin", "--format", "png"]

    assert main(command) == 0
    first = {path.name: path.read_bytes() for path in images.iterdir()}
    assert main(command) == 0

    assert first == {path.name: path.read_bytes() for path in images.iterdir()}


def test_that_ctrl_c_ends_with_a_sentence_and_whole_files(
    folder: Path, out: Path, models: Models, capsys: pytest.CaptureFixture[str]
) -> None:
    models.stopped_at = "three.png"

    assert main(["segment", str(folder / "images"), "--out", str(out), "--model", "skin"]) == 130

    assert "Stopped. Every file that was written is whole." in _said(capsys)
    assert _names(out) == ["one_mask.png"]
    assert read_mask(out / "one_mask.png").any()


def test_that_a_failing_model_costs_only_its_picture(
    folder: Path, out: Path, models: Models, capsys: pytest.CaptureFixture[str]
) -> None:
    models.fails_on = frozenset({"two.png"})

    assert main(["segment", str(folder / "images"), "--out", str(out), "--model", "skin"]) == 1

    assert "two.png” could not be drafted: out of memory" in _said(capsys)
    assert _names(out) == ["annotations.json", "one_mask.png", "three_mask.png"]


@pytest.mark.usefixtures("models")
def test_that_a_missing_file_is_named_and_the_rest_is_written(
    folder: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [str(folder / "images" / "one.png"), str(folder / "gone.png")]

    assert main(["segment", *paths, "--out", str(out), "--model", "skin", "--format", "png"]) == 1

    assert "gone.png" in _said(capsys)
    assert _names(out) == ["one_mask.png"]


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize("argument", ["gone.png", "empty"])
def test_that_no_picture_at_all_is_a_bad_argument(
    argument: str, tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()

    assert main(["segment", str(tmp_path / argument), "--out", str(out), "--model", "skin"]) == 2

    assert argument in _said(capsys)
    assert not out.exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--kernel", "4"], "The kernel must be 0 or odd and at most 51, not 4."),
        (["--kernel", "53"], "at most 51"),
        (["--threshold", "1.5"], "--threshold"),
        (["--threshold", "nan"], "--threshold"),
        (["--steps", "0"], "--steps"),
        (["--samples", "0"], "--samples"),
        (["--seed", "-1"], "--seed"),
        (["--operation", "melting"], "melting"),
        (["--format", "gif"], "gif"),
        (["--device", "abacus"], "abacus"),
        (["--modle", "skin"], "--modle"),
    ],
)
def test_that_wrong_options_are_bad_arguments(
    options: list[str],
    sentence: str,
    folder: Path,
    out: Path,
    models: Models,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["segment", str(folder / "images"), "--out", str(out), *options]) == 2

    assert sentence in _said(capsys)
    assert models.asked == []
    assert not out.exists()


def test_that_out_is_needed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["segment", str(folder / "images")]) == 2

    assert "--out" in capsys.readouterr().err


@pytest.mark.usefixtures("models")
def test_that_unusable_weights_are_a_sentence(
    folder: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["segment", str(folder / "images"), "--out", str(out), "--model", "broken"]) == 2

    said = capsys.readouterr().err
    assert "“broken” is damaged" in said
    assert "Traceback" not in said


@pytest.mark.usefixtures("models")
def test_that_a_file_in_the_place_of_the_folder_is_a_sentence(
    folder: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out.touch()

    assert main(["segment", str(folder / "images"), "--out", str(out), "--model", "skin"]) == 2

    assert str(out) in capsys.readouterr().err


def test_that_without_a_model_the_first_readable_picture_decides(
    folder: Path, out: Path, models: Models, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "images" / "0.png").write_bytes(b"")
    guessed = guess_domain(read(folder / "images" / "one.png").rgb8)

    assert main(["segment", str(folder / "images"), "--out", str(out)]) == 1

    assert models.asked == [(guessed, "auto")]
    assert f"looks like {guessed}" in capsys.readouterr().err


def test_that_the_device_is_the_models_to_judge(folder: Path, out: Path, models: Models) -> None:
    options = ["--out", str(out), "--model", "polyp", "--device", "cpu"]

    assert main(["segment", str(folder / "images" / "one.png"), *options]) == 0

    assert models.asked == [("polyp", "cpu")]


@pytest.mark.usefixtures("models")
def test_that_a_picture_named_twice_is_drafted_once(
    folder: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images = folder / "images"
    paths = [str(images / "one.png"), str(images), str(images / ".." / "images" / "two.png")]

    assert main(["segment", *paths, "--out", str(out), "--model", "skin", "--json"]) == 0

    assert len(capsys.readouterr().out.splitlines()) == 3


class TestPages:
    """A file of several pictures."""

    @pytest.fixture
    def scan(self, folder: Path) -> Path:
        """Three pages, of one lesion each."""
        path = folder / "scan.tif"
        pages = [read(folder / "images" / f"{name}.png").rgb8 for name in ("one", "two", "three")]
        with tifffile.TiffWriter(path) as writer:
            for page in pages:
                writer.write(page, photometric="rgb")
        return path

    @pytest.mark.parametrize(
        ("pages", "written"),
        [
            ([], ["scan [1]_mask.png", "scan [2]_mask.png", "scan [3]_mask.png"]),
            (["--pages", "first"], ["scan_mask.png"]),
            (["--pages", "2-3"], ["scan [2]_mask.png", "scan [3]_mask.png"]),
            (["--pages", "1,3-9"], ["scan [1]_mask.png", "scan [3]_mask.png"]),
        ],
    )
    @pytest.mark.usefixtures("models")
    def test_that_each_page_gets_a_mask_or_those_asked_for(
        self, scan: Path, out: Path, pages: list[str], written: list[str]
    ) -> None:
        command = ["segment", str(scan), "--out", str(out), "--model", "skin", *pages]

        assert main(command) == 0

        assert _names(out) == ["annotations.json", *written]
        coco = json.loads((out / "annotations.json").read_text(encoding="utf-8"))
        assert [image["file_name"] for image in coco["images"]] == [
            name.replace("_mask.png", ".tif") for name in written
        ]

    @pytest.mark.usefixtures("models")
    def test_that_a_page_can_be_asked_for_by_its_name(self, scan: Path, folder: Path, out: Path) -> None:
        assert main(["segment", str(folder / "scan [2].tif"), "--out", str(out), "--model", "skin"]) == 0

        mask = read_mask(out / "scan [2]_mask.png")
        assert dice(mask, read_mask(folder / "masks" / "two.png")) > 0.97

    @pytest.mark.usefixtures("models")
    def test_that_a_page_that_is_not_there_is_named(
        self, scan: Path, out: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["segment", str(scan), "--out", str(out), "--model", "skin", "--pages", "7"]) == 1

        assert "it has 3 pages and no page 7" in _said(capsys)

    def test_that_nonsense_for_pages_is_a_bad_argument(
        self, scan: Path, out: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["segment", str(scan), "--out", str(out), "--pages", "some"]) == 2

        assert "“some” are no pages" in _said(capsys)
