"""JSON read entry by entry, with caps."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsegdiff_gui.formats import json_pieces
from lsegdiff_gui.formats.errors import FormatError
from lsegdiff_gui.formats.json_pieces import Cancelled, kind_of, read_pieces

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=9)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def pieces(path: Path) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    read_pieces(path, lambda key, value: found.append((key, value)))
    return found


def expected(data: dict[str, Any]) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in data.items():
        found += [(key, each) for each in value] or [(key, [])] if isinstance(value, list) else [(key, value)]
    return found


@given(data=st.dictionaries(st.text(max_size=5), VALUES, max_size=5), indent=st.sampled_from([None, 0, 3]))
def test_that_the_pieces_are_what_the_standard_library_reads_whole(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, Any], indent: int | None
) -> None:
    path = tmp_path_factory.mktemp("j") / "a.json"
    path.write_text(json.dumps(data, indent=indent, ensure_ascii=False), "utf-8", errors="surrogatepass")
    try:
        path.read_text("utf-8")
    except UnicodeDecodeError:
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_pieces, "_CHUNK", 3)  # borders between reads everywhere
        assert pieces(path) == expected(data)


def test_that_the_hash_is_the_whole_files(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps({"images": [1, 2], "x": None}).encode() + b"  \n")
    assert read_pieces(path, lambda _key, _value: None) == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "it ends too early"),
        (b"{", "it ends too early"),
        (b'{"images": [', "it ends too early"),
        (b'{"images": [{"id": 1}', "it ends too early"),
        (b'{"images": [{"id": 1}]} more', "broken at character 25"),
        (b'{"images" [1]}', "broken at character 11"),
        (b"{1: 2}", "broken"),
        (b'{"a": nothing, "b": [1, 2, 3, 4, 5, 6, 7, 8, 9]}', "broken at character 7"),
        (b"[1, 2]", "broken at character 1"),
        (b"\xff\xd8\xff\xe0JPEG", "not a text in UTF-8"),
        (b'{"a": "\xe9"}', "not a text in UTF-8"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
        (b'{"a": ' + b'{"b":' * 70 + b"1" + b"}" * 70 + b"}", "nested too deeply"),
        (b'{"a": [' + b"[[" * 200 + b"]]" * 200 + b"]}", "nested too deeply"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "broken"),
    ],
    ids=range(15),
)
def test_that_a_file_that_is_none_is_told_with_the_place(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "x.json").write_bytes(data)
    with pytest.raises(FormatError, match=r"“x\.json”") as told:
        pieces(tmp_path / "x.json")
    assert said in str(told.value)


def test_that_sizes_are_capped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"a": ["' + "b" * 5000 + '"]}')
    monkeypatch.setattr(json_pieces, "_CHUNK", 100)
    monkeypatch.setattr(json_pieces, "LONGEST_ENTRY", 1000)
    with pytest.raises(FormatError, match="entry of more than"):
        pieces(path)
    monkeypatch.setattr(json_pieces, "MOST_BYTES", 1000)
    with pytest.raises(FormatError, match="at most"):
        pieces(path)


def test_that_reading_can_be_given_up(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"a": [1]}')
    with pytest.raises(Cancelled):
        read_pieces(path, lambda _key, _value: None, lambda _share: False)


def test_that_a_folder_and_a_missing_file_are_told(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="is not a file"):
        pieces(tmp_path)
    with pytest.raises(FormatError, match="cannot be read: No such file"):
        pieces(tmp_path / "gone.json")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"version": "5", "flags": {}, "shapes": [], "imagePath": "a.png"}', "labelme"),
        ('{"info": {}, "licenses": [], "images": []}', "coco"),
        ('{"annotations": [{"id": 1}]}', "coco"),
    ],
)
def test_that_formats_are_told_by_their_keys(tmp_path: Path, text: str, kind: str) -> None:
    (tmp_path / "x.json").write_text(text)
    assert kind_of(tmp_path / "x.json") == kind


def test_that_json_of_something_else_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"features": []}')
    with pytest.raises(FormatError, match="neither a COCO file nor one of labelme"):
        kind_of(tmp_path / "x.json")
