import dataclasses

import numpy as np
import pytest
from made.drafts import draft, provenance

from lsegdiff_gui.annotation.draft import Draft, Provenance


def test_that_the_provenance_comes_back_from_its_dictionary() -> None:
    origin = provenance(7)
    assert Provenance.from_dict({**origin.to_dict(), "from a later version": 1}) == origin


def test_that_a_provenance_without_a_field_is_refused() -> None:
    values = provenance().to_dict()
    del values["weights_sha256"]
    with pytest.raises(KeyError, match="weights_sha256"):
        Provenance.from_dict(values)


def test_that_drafts_with_the_same_content_are_the_same_draft() -> None:
    assert draft(3) == draft(3)
    assert hash(draft(3)) == hash(draft(3))


@pytest.mark.parametrize("name", ["probability", "spread", "samples", "film"])
def test_that_one_other_pixel_makes_another_draft(name: str) -> None:
    first = draft()
    changed = getattr(first, name).copy()
    changed.flat[17] ^= 1
    assert dataclasses.replace(first, **{name: changed}).id != first.id


def test_that_another_origin_makes_another_draft() -> None:
    assert dataclasses.replace(draft(), provenance=provenance(1)).id != draft().id


def test_that_nobody_writes_into_a_draft() -> None:
    with pytest.raises(ValueError, match="read-only"):
        draft().probability[0, 0] = 1


def test_that_the_writer_of_an_array_cannot_reach_the_draft_through_it() -> None:
    plane = np.zeros((8, 8), np.uint8)
    made = Draft(plane, plane.copy(), plane[None].copy(), plane[None].copy(), provenance())
    plane[:] = 255
    assert not made.probability.any()


def test_that_planes_of_different_grids_are_refused() -> None:
    plane = np.zeros((8, 8), np.uint8)
    with pytest.raises(ValueError, match="film"):
        Draft(plane, plane, plane[None], np.zeros((1, 9, 8), np.uint8), provenance())


def test_that_the_spread_score_is_zero_where_all_agree_and_one_where_half_do() -> None:
    plane = np.zeros((8, 8), np.uint8)
    plane[2:4, 2:4] = 255
    none = np.zeros_like(plane)
    sure = Draft(plane, none, np.stack([plane, plane]), plane[None], provenance())
    split = Draft(plane // 2, plane, np.stack([plane, none]), plane[None], provenance())
    assert sure.spread_score == 0.0
    assert split.spread_score == 1.0


def test_that_the_spread_score_does_not_depend_on_how_much_background_there_is() -> None:
    small, large = np.zeros((8, 8), np.uint8), np.zeros((64, 64), np.uint8)
    scores = []
    for plane in (small, large):
        plane[2:5, 2:5] = 200
        scores.append(Draft(plane, plane // 4, plane[None], plane[None], provenance()).spread_score)
    assert scores[0] == scores[1] == pytest.approx(50 / 255)


def test_that_a_draft_that_sees_nothing_is_ranked_by_its_largest_doubt() -> None:
    plane = np.zeros((8, 8), np.uint8)
    doubt = plane.copy()
    doubt[3, 3] = 51
    assert Draft(plane, doubt, plane[None], plane[None], provenance()).spread_score == pytest.approx(0.2)
