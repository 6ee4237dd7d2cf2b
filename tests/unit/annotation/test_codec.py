import json
import struct
import zlib

import numpy as np
import pytest
from made.commands import COMMANDS, DRAFTS, an_edit

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.codec import decode, decode_base, encode, encode_base
from lsegdiff_gui.annotation.commands import Command, LabelsChange
from lsegdiff_gui.annotation.labels import DEFAULT_LABELS, Label
from lsegdiff_gui.annotation.recipe import Recipe


def framed(head: dict[str, object], *blobs: bytes) -> bytes:
    text = json.dumps({**head, "blobs": [len(blob) for blob in blobs]}).encode()
    return struct.pack("<I", len(text)) + text + b"".join(blobs)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: type(command).__name__)
def test_that_a_command_comes_back_from_its_bytes(command: Command) -> None:
    kind, payload = encode(command)
    assert decode(kind, payload, DRAFTS.__getitem__) == command


def test_that_a_baked_base_comes_back_with_all_it_says_of_its_origin() -> None:
    before = Base.of_draft(next(iter(DRAFTS.values())))
    base = Base.baked(np.full((3, 4), 254, np.uint8), before, Recipe(kernel=31), painted=True)
    again = decode_base(encode_base(base), DRAFTS.__getitem__)
    assert again == base
    assert again.painted
    assert (again.kind, again.draft, again.recipe, again.mask) == (
        "baked",
        before.draft,
        Recipe(kernel=31),
        base.mask,
    )


def test_that_an_imported_mask_of_an_earlier_version_is_read() -> None:
    mask = np.eye(13, 21, dtype=np.uint8)
    payload = framed(
        {"kind": "imported", "label": 2, "size": [13, 21]}, zlib.compress(np.packbits(mask).tobytes())
    )
    assert decode_base(payload, DRAFTS.__getitem__) == Base.of_mask(mask, label=2)


def test_that_labels_of_a_later_version_are_read_without_what_is_unknown() -> None:
    later = [{"id": 4, "name": "Nevus", "colour": "#123456", "icon": "star"}]
    decoded = decode("labels", framed({"before": [], "after": later}), DRAFTS.__getitem__)
    assert decoded == LabelsChange((), (Label(4, "Nevus", "#123456"),))


def test_that_a_command_of_a_later_version_is_refused() -> None:
    with pytest.raises(ValueError, match="'instance' is unknown"):
        decode("instance", encode(an_edit())[1], DRAFTS.__getitem__)


@pytest.mark.parametrize(
    "payload", [b"", b"\x00", struct.pack("<I", 3) + b"abc", struct.pack("<I", 2) + b"{}"]
)
def test_that_a_damaged_payload_is_refused(payload: bytes) -> None:
    with pytest.raises(ValueError, match="damaged"):
        decode("paint", payload, DRAFTS.__getitem__)


def test_that_a_payload_without_its_fields_is_refused() -> None:
    text = json.dumps({"before": {}, "blobs": []}).encode()
    with pytest.raises(ValueError, match="'recipe' is damaged"):
        decode("recipe", struct.pack("<I", len(text)) + text, DRAFTS.__getitem__)


@pytest.mark.parametrize(
    ("kind", "head"),
    [
        ("labels", {"before": [], "after": [{"id": 1}]}),
        ("labels", {"before": [], "after": [DEFAULT_LABELS[0].to_dict()] * 2}),
        ("bake", {}),
        ("partition", {"before": {}}),
    ],
)
def test_that_a_payload_whose_fields_are_damaged_is_refused(kind: str, head: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        decode(kind, framed(head), DRAFTS.__getitem__)


def test_that_a_base_without_its_plane_is_refused() -> None:
    with pytest.raises(ValueError, match=r".+"):
        decode_base(framed({"kind": "imported", "label": 1, "plane": [4, 4]}), DRAFTS.__getitem__)
