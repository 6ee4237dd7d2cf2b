"""The plan of an import: which picture, what becomes of it, what is left out and why."""

import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from made.annotation_files import (
    HEIGHT,
    WIDTH,
    annotation,
    coco,
    image,
    imported,
    picture,
    planned,
    rectangle,
)

from lsegdiff_gui.annotation.incoming import Precedence
from lsegdiff_gui.annotation.labels import DEFAULT_LABELS, IGNORE, Label, Status
from lsegdiff_gui.formats.errors import FormatError
from lsegdiff_gui.formats.import_plan import LEAVE_OUT, Choices, Fit, Outcome, proposal
from lsegdiff_gui.formats.json_pieces import Cancelled
from lsegdiff_gui.formats.matching import Holding, KnownPicture, known
from lsegdiff_gui.formats.rle import encode_rle
from lsegdiff_gui.imaging.write import encode_jpeg, write_png
from lsegdiff_gui.project.pictures import PictureRow

BOX = [rectangle(2, 3, 12, 9)]


def one(folder: Path, name: str, *, width: int = WIDTH, height: int = HEIGHT) -> Path:
    """A COCO file with one annotated picture of this name."""
    return coco(folder / "all.json", [image(1, name, width, height)], [annotation(1, 1, BOX)], "Lesion")


# Which picture


@pytest.mark.parametrize("name", ["a.png", "./a.png", "images/a.png", "images\\a.png", "A.PNG"])
def test_that_a_picture_is_found_by_its_name_wherever_the_project_has_it(tmp_path: Path, name: str) -> None:
    kept = picture(tmp_path / "elsewhere" / "a.png")
    (line,) = planned([one(tmp_path, name)], [kept]).lines
    assert line.picture is not None and line.picture.path == kept
    assert (line.fit, line.refusal) == (Fit.SAME, "")


def test_that_names_are_told_apart_by_their_folders_and_then_by_their_sizes(tmp_path: Path) -> None:
    first, second = picture(tmp_path / "x" / "a.png"), picture(tmp_path / "y" / "a.png")
    (line,) = planned([one(tmp_path, "y/a.png")], [first, second]).lines
    assert line.picture is not None and line.picture.path == second
    sized = [KnownPicture(1, first, 64, 64), KnownPicture(2, second, WIDTH, HEIGHT)]
    (line,) = planned([one(tmp_path, "a.png")], sized).lines
    assert line.picture is not None and line.picture.id == 2
    same = [KnownPicture(1, first, WIDTH, HEIGHT), KnownPicture(2, second, WIDTH, HEIGHT)]
    (line,) = planned([one(tmp_path, "a.png")], same).lines
    assert line.picture is None
    assert line.refusal == "2 pictures are called “a.png”, and its size does not tell which is meant."


@pytest.mark.parametrize("place", ["a.png", "images/a.png"])
def test_that_pictures_the_project_lacks_are_found_in_the_root_and_added_if_wanted(
    tmp_path: Path, place: str
) -> None:
    picture(tmp_path / place)
    made = planned([one(tmp_path, "a.png")], [])
    (line,) = made.lines
    assert line.picture == KnownPicture(0, tmp_path / place, WIDTH, HEIGHT)
    assert made.outcome(line, Choices()) is Outcome.NEW
    assert made.outcome(line, Choices(adds=False)) is Outcome.LEFT_OUT
    assert made.reason(line, Choices(adds=False)) == "The project does not have this picture."


def test_that_a_picture_that_is_nowhere_is_named(tmp_path: Path) -> None:
    (line,) = planned([one(tmp_path, "gone.png")], [picture(tmp_path / "a.png")]).lines
    assert "no picture “gone.png” in the project" in line.refusal


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("/etc/a.png", "absolute"),
        ("\\\\server\\a.png", "absolute"),
        ("C:\\a.png", "absolute"),
        ("c:a.png", "absolute"),
        ("../a.png", "leads out"),
        ("x/../../a.png", "leads out"),
        ("..\\a.png", "leads out"),
        ("", "no file name"),
        (".", "no file name"),
        ("a\0.png", "control characters"),
        ("con", "device"),
        ("x/NUL.png", "device"),
        ("com1.tar.png", "device"),
        ("a.png:stream", "colon"),
        ("a.png.", "blank or a dot"),
        ("x /a.png", "blank or a dot"),
        ("b" * 300, "too long"),
        ("b/" * 4000, "too long"),
    ],
)
def test_that_names_that_lead_elsewhere_are_left_out_with_their_reason(
    tmp_path: Path, name: str, said: str
) -> None:
    (line,) = planned([one(tmp_path, name)], [picture(tmp_path / "a.png")]).lines
    assert line.picture is None
    assert said in line.refusal


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_that_a_link_out_of_the_root_is_not_followed(tmp_path: Path) -> None:
    outside = picture(tmp_path / "secret" / "s.png")
    root = tmp_path / "root"
    root.mkdir()
    (root / "s.png").symlink_to(outside)
    (root / "folder").symlink_to(outside.parent)
    for name in ("s.png", "folder/s.png"):
        (line,) = planned([one(root, name)], [], root=root).lines
        assert line.refusal == "A link leads out of the chosen folder."


def test_that_of_two_entries_for_one_picture_the_first_is_taken(tmp_path: Path) -> None:
    shapes = [annotation(1, 1, BOX), annotation(2, 2, BOX)]
    file = coco(tmp_path / "all.json", [image(1, "a.png"), image(2, "A.png")], shapes, "Lesion")
    first, second = planned([file], [picture(tmp_path / "a.png")]).lines
    assert first.picture is not None
    assert second.refusal == "“a.png” is for the same picture and is taken."


@pytest.mark.parametrize(
    ("mask", "shown"),
    [
        ("a_mask.png", "a.png"),
        ("masks/a.png", "images/a.png"),
        ("masks/a.jpg", "images/a.jpg"),
        ("truth/ISIC_01_segmentation.png", "pictures/ISIC_01.jpg"),
        ("a.png", "a.jpg"),
        ("p_lesion.bmp", "p.bmp"),
        ("x_a_mask.png", "x/a.png"),
        ("mask/größe 1_mask.png", "größe 1.png"),
    ],
)
def test_that_masks_are_found_by_every_naming_scheme(tmp_path: Path, mask: str, shown: str) -> None:
    for path in (tmp_path / mask, tmp_path / shown):
        path.parent.mkdir(parents=True, exist_ok=True)
    mark = np.zeros((HEIGHT, WIDTH), np.uint8)
    mark[5:20, 5:20] = 255
    encoded = cv2.imencode(Path(mask).suffix, mark)[1].tobytes()
    (tmp_path / mask).write_bytes(encoded)
    seen = tmp_path / shown
    seen.write_bytes(cv2.imencode(seen.suffix, np.full((HEIGHT, WIDTH, 3), 90, np.uint8))[1].tobytes())
    other = picture(tmp_path / "other" / "b.png")
    (line,) = planned([tmp_path / mask], [seen, other]).lines
    assert line.picture is not None and line.picture.path == seen
    placed, _ = imported(planned([tmp_path / mask], [seen, other]))
    assert np.array_equal(placed[seen.name].incoming.mask.plane(), mark // 255)


def test_that_a_folder_of_pictures_and_masks_gives_its_masks_and_adds_its_pictures(tmp_path: Path) -> None:
    for stem in ("a", "b"):
        picture(tmp_path / "images" / f"{stem}.png")
        (tmp_path / "masks").mkdir(exist_ok=True)
        write_png(tmp_path / "masks" / f"{stem}.png", np.full((HEIGHT, WIDTH), 255, np.uint8))
    lines = planned([tmp_path], [tmp_path / "images" / "a.png"]).lines
    assert [(line.name, line.picture.id if line.picture else None) for line in lines] == [
        ("a.png", 1),
        ("b.png", 0),
    ]


def test_that_a_photograph_is_no_mask(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    (tmp_path / "a_mask.jpg").write_bytes(encode_jpeg(rng.integers(0, 255, (90, 120, 3), np.uint8)))
    write_png(tmp_path / "b_mask.png", rng.integers(0, 255, (90, 120, 3), np.uint8))
    lines = planned([tmp_path / "a_mask.jpg", tmp_path / "b_mask.png"], []).lines
    assert ["not a mask" in line.refusal for line in lines] == [True, True]


def test_that_files_that_hold_nothing_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{}")
    made = planned([tmp_path / "x.json"], [])
    assert made.lines == () and "neither a COCO file nor one of labelme" in made.refused[0][1]
    (tmp_path / "empty").mkdir()
    with pytest.raises(FormatError, match="holds no masks"):
        planned([tmp_path / "empty"], [])


def test_that_planning_can_be_stopped(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        planned([one(tmp_path, "a.png")], [picture(tmp_path / "a.png")], progress=lambda _share, _name: False)


# What becomes of it


def row(**more: Any) -> PictureRow:
    values = {"id": 1, "path": Path("/a.png"), "sha256": "ab", "width": 4, "height": 3, "status": Status.NEW}
    return PictureRow(**{**values, "has_draft": False, "is_edited": False, "note": "", **more})


@pytest.mark.parametrize(
    ("more", "holding"),
    [
        ({}, Holding.NOTHING),
        ({"status": Status.DRAFTED}, Holding.DRAFT),
        ({"status": Status.IN_PROGRESS}, Holding.WORK),
        ({"status": Status.DONE}, Holding.WORK),
        ({"status": Status.NO_LESION}, Holding.WORK),
        ({"is_edited": True}, Holding.WORK),
    ],
)
def test_that_a_row_says_what_its_picture_holds(more: dict[str, Any], holding: Holding) -> None:
    assert known(row(**more)).holding is holding


@pytest.mark.parametrize(
    ("holding", "work", "outcome"),
    [
        (Holding.NOTHING, Precedence.KEEP, Outcome.NEW),
        (Holding.DRAFT, Precedence.KEEP, Outcome.OVER_DRAFT),
        (Holding.WORK, Precedence.KEEP, Outcome.KEPT),
        (Holding.WORK, Precedence.THEIRS, Outcome.REPLACED),
        (Holding.WORK, Precedence.BENEATH, Outcome.BENEATH),
    ],
)
def test_that_work_is_kept_replaced_or_put_above_as_chosen(
    tmp_path: Path, holding: Holding, work: Precedence, outcome: Outcome
) -> None:
    path = picture(tmp_path / "a.png")
    made = planned([one(tmp_path, "a.png")], [KnownPicture(1, path, holding=holding)])
    (line,) = made.lines
    assert made.outcome(line, Choices(work=work)) is outcome
    other = Choices(work=Precedence.KEEP, pictures={line.number: work})
    assert made.outcome(line, other) is outcome


def test_that_nothing_is_overwritten_where_nobody_chose() -> None:
    assert Choices().work is Precedence.KEEP
    assert Choices().fits == {Fit.SAME}


def test_that_other_sizes_are_offered_and_never_guessed(tmp_path: Path) -> None:
    turned = planned([one(tmp_path, "a.png", width=HEIGHT, height=WIDTH)], [picture(tmp_path / "a.png")])
    (line,) = turned.lines
    assert line.fit is Fit.TRANSPOSED
    assert "turned as the picture was" in turned.reason(line, Choices())
    assert turned.outcome(line, Choices(fits=frozenset(Fit))) is Outcome.NEW
    scaled = planned([one(tmp_path, "a.png", width=80, height=60)], [picture(tmp_path / "a.png")])
    assert scaled.lines[0].fit is Fit.RESCALED
    assert "40 × 30: it would have to be rescaled" in scaled.reason(scaled.lines[0], Choices())


# Labels


def test_that_categories_go_to_labels_by_name_and_new_ones_get_colours() -> None:
    labels = (*DEFAULT_LABELS, Label(7, "Hair", "#e69f00"))
    proposed, added = proposal(["lesion", "HAIR", "", "Ruler", "ruler ", "7", "9", "ignore"], labels)
    assert proposed == {
        "lesion": 1, "HAIR": 7, "": 1, "Ruler": 8, "ruler ": 8, "7": 7, "9": 9, "ignore": IGNORE,
    }  # fmt: skip
    assert [(label.name, label.id) for label in added] == [("Ruler", 8), ("Class 9", 9)]
    assert len({label.colour for label in (*labels, *added)}) == 5


def test_that_a_confirmed_absence_is_told_and_not_taken_for_granted(tmp_path: Path) -> None:
    described = {**image(1, "a.png"), "attributes": {"confirmed_no_lesion": True}}
    made = planned([coco(tmp_path / "all.json", [described], [])], [picture(tmp_path / "a.png")])
    assert "confirmed that it shows no lesion" in made.lines[0].remarks[0]
    placed, _ = imported(made)
    assert not placed["a.png"].incoming.mask.plane().any()


def test_that_only_labels_that_are_used_are_added(tmp_path: Path) -> None:
    shapes = [annotation(1, 1, BOX, 1), annotation(2, 1, BOX, 2)]
    file = coco(tmp_path / "all.json", [image(1, "a.png")], shapes, "Hair", "Ruler")
    made = planned([file], [picture(tmp_path / "a.png")])
    assert [label.name for label in made.added_by(Choices())] == ["Hair", "Ruler"]
    assert [label.name for label in made.added_by(Choices(labels={"Hair": LEAVE_OUT}))] == ["Ruler"]
    nothing = Choices(labels={"Hair": LEAVE_OUT, "Ruler": LEAVE_OUT})
    assert made.outcome(made.lines[0], nothing) is Outcome.LEFT_OUT
    assert made.reason(made.lines[0], nothing) == "All that is marked in it is left out."


# What is placed


def test_that_the_origin_says_which_file_when_and_who(tmp_path: Path) -> None:
    file = one(tmp_path, "a.png")
    placed, report = imported(planned([file], [picture(tmp_path / "a.png")]))
    origin = placed["a.png"].incoming.origin
    assert (origin.file, origin.format, origin.categories, origin.annotator) == (
        "all.json",
        "coco",
        ("Lesion",),
        "Ada",
    )
    assert len(origin.sha256) == 64 and origin.time.startswith("20")
    assert len(report.written) == 1 and not report.failures
    read = placed["a.png"].read
    assert read is not None and read.width == WIDTH


@pytest.mark.parametrize("orientation", [1, 5, 6, 7, 8])
def test_that_a_mask_of_the_stored_picture_is_turned_as_the_picture_is(
    tmp_path: Path, orientation: int
) -> None:
    stored = np.zeros((HEIGHT, WIDTH), np.uint8)
    stored[3:9, 2:12] = 1
    jpeg = encode_jpeg(np.full((HEIGHT, WIDTH, 3), 90, np.uint8))
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0" + bytes([orientation]) + b"\0\0\0\0\0\0"
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + jpeg[2:])
    file = one(tmp_path, "a.jpg")
    if orientation == 1:
        picture(path.with_suffix(".png"), HEIGHT, WIDTH)
        file, path = one(tmp_path, "a.png"), path.with_suffix(".png")
    made = planned([file], [path])
    assert made.lines[0].fit is Fit.TRANSPOSED
    placed, report = imported(made, Choices(fits=frozenset(Fit)))
    assert not report.failures
    expected = {
        1: stored.T, 5: stored.T, 6: np.rot90(stored, -1), 7: np.rot90(stored, 2).T, 8: np.rot90(stored),
    }[orientation]  # fmt: skip
    assert np.array_equal(placed[path.name].incoming.mask.plane(), expected)
    assert placed[path.name].incoming.origin.fit == "transposed"


@pytest.mark.parametrize("times", [2, 3])
def test_that_a_rescaled_mask_has_not_moved(tmp_path: Path, times: int) -> None:
    file = one(tmp_path, "a.png")
    made = planned([file], [picture(tmp_path / "a.png", WIDTH * times, HEIGHT * times)])
    placed, _ = imported(made, Choices(fits=frozenset(Fit)))
    plane = placed["a.png"].incoming.mask.plane()
    expected = np.zeros((HEIGHT * times, WIDTH * times), np.uint8)
    expected[3 * times : 9 * times, 2 * times : 12 * times] = 1
    assert np.array_equal(plane, expected)


def test_that_one_picture_that_fails_does_not_stop_the_others(tmp_path: Path) -> None:
    shapes = [annotation(1, 1, {"size": [30, 40], "counts": "\u00e9"}), annotation(2, 2, BOX)]
    file = coco(tmp_path / "all.json", [image(1, "a.png"), image(2, "b.png")], shapes, "Lesion")
    made = planned([file], [picture(tmp_path / "a.png"), picture(tmp_path / "b.png")])
    placed, report = imported(made)
    assert list(placed) == ["b.png"]
    assert [line.name for line, _ in report.failures] == ["a.png"]


def test_that_lesions_of_the_file_stay_apart_or_are_what_hangs_together(tmp_path: Path) -> None:
    shapes = [annotation(1, 1, [rectangle(2, 2, 12, 20)]), annotation(2, 1, [rectangle(12, 2, 22, 20)])]
    file = coco(tmp_path / "all.json", [image(1, "a.png")], shapes, "Lesion")
    made = planned([file], [picture(tmp_path / "a.png")])
    placed, report = imported(made)
    assert placed["a.png"].incoming.partition.cuts and not report.remarks
    placed, _ = imported(made, Choices(by_shape=False))
    assert not placed["a.png"].incoming.partition.cuts


def test_that_specks_beyond_counting_are_not_tied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lsegdiff_gui.formats.importing.MOST_PARTS", 3)
    specks = np.zeros((HEIGHT, WIDTH), np.uint8)
    specks[::4, ::4] = 1
    file = coco(tmp_path / "all.json", [image(1, "a.png")], [annotation(1, 1, encode_rle(specks))], "Lesion")
    placed, report = imported(planned([file], [picture(tmp_path / "a.png")]))
    assert not placed["a.png"].incoming.partition.ties
    assert "more than 3 parts" in report.remarks[0][1]


def test_that_a_mask_file_that_was_replaced_meanwhile_is_told(tmp_path: Path) -> None:
    write_png(tmp_path / "a_mask.png", np.full((HEIGHT, WIDTH), 255, np.uint8))
    made = planned([tmp_path / "a_mask.png"], [picture(tmp_path / "a.png")])
    write_png(tmp_path / "a_mask.png", np.zeros((HEIGHT, WIDTH), np.uint8))
    _, report = imported(made)
    assert "was replaced after it was looked at" in report.failures[0][1]


def test_that_an_import_stops_between_two_pictures(tmp_path: Path) -> None:
    shapes = [annotation(1, 1, BOX), annotation(2, 2, BOX)]
    file = coco(tmp_path / "all.json", [image(1, "a.png"), image(2, "b.png")], shapes, "Lesion")
    made = planned([file], [picture(tmp_path / "a.png"), picture(tmp_path / "b.png")])
    from lsegdiff_gui.formats.importing import import_masks

    done: list[str] = []
    report = import_masks(
        made,
        Choices(),
        lambda placement: not done.append(placement.picture.path.name),
        is_cancelled=lambda: bool(done),
    )
    assert (done, report.cancelled, len(report.written)) == (["a.png"], True, 1)
