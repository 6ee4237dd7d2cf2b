import csv
import io
import json

from lsegdiff_gui.annotation.origin import Deed, Freeze, MaskOrigin
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.formats import origins

TIME = "2026-01-02T03:04:05.678+00:00"
DEED = Deed("do", "paint", "brush", 12, "in_progress", "Ada Löw", TIME, "0.1.0")
DONE = MaskOrigin(
    picture="ward/naevus_1.png",
    picture_sha256="ab" * 32,
    width=640,
    height=480,
    status="done",
    note="=HYPERLINK(1)",
    base={"base": "draft", "model": "skin", "weights_sha256": "cd" * 32},
    recipe=Recipe().to_dict(),
    edited=True,
    seconds=61.25,
    deeds=(DEED,),
    freezes=(Freeze("done", "ef" * 32, "Ada Löw", TIME, "0.1.0", 0.87654321),),
)
NEW = MaskOrigin("b.png", "", 0, 0, "new", "-5", {"base": "empty"}, Recipe().to_dict(), False, 0.0)


def read_table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_that_json_holds_every_deed_and_what_the_file_is_for() -> None:
    content = json.loads(origins.as_json([DONE, NEW]))
    assert "not for diagnosis" in content["intended_use"]
    first, second = content["masks"]
    assert first["deeds"][0]["tool"] == "brush"
    assert first["freezes"][0]["sha256"] == "ef" * 32
    assert first["annotators"] == ["Ada Löw"]
    assert second["deeds"] == []


def test_that_a_table_has_a_row_for_each_mask_and_a_column_for_each_value() -> None:
    first, second = read_table(origins.as_csv([DONE, NEW]))
    assert first["picture"] == "ward/naevus_1.png"
    assert (first["annotators"], first["edits"], first["edited_pixels"]) == ("Ada Löw", "1", "12")
    assert (first["mask_sha256"], first["dice_with_draft"], first["seconds_spent"]) == (
        "ef" * 32,
        "0.8765",
        "61.2",
    )
    assert first["recipe.kernel"] == str(Recipe().kernel)
    assert (second["model"], second["mask_sha256"], second["status"]) == ("", "", "new")


def test_that_a_note_is_never_run_by_a_spreadsheet() -> None:
    first, second = read_table(origins.as_csv([DONE, NEW]))
    assert first["note"] == "'=HYPERLINK(1)"
    assert second["note"] == "-5"


def test_that_no_masks_make_files_that_can_be_read() -> None:
    assert json.loads(origins.as_json([]))["masks"] == []
    assert read_table(origins.as_csv([])) == []
