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


def test_that_a_draft_made_before_there_were_findings_keeps_its_id() -> None:
    # The id of this very draft as the program without the two fields made it.
    plane = np.arange(64, dtype=np.uint8).reshape(8, 8)
    made = Draft(plane, plane, plane[None], plane[None], provenance())
    assert made.id == "08ccac936763a113a8b1594dd4e20ed64e079050443cef39d15bb1963170670e"
    assert (made.presence, made.strangeness, made.no_lesion, made.is_strange) == (1.0, 0.0, False, False)


def test_that_other_findings_make_another_draft() -> None:
    ids = {
        draft().id,
        dataclasses.replace(draft(), presence=0.1).id,
        dataclasses.replace(draft(), strangeness=2.0).id,
        dataclasses.replace(draft(), presence=0.1, strangeness=2.0).id,
    }
    assert len(ids) == 4


@pytest.mark.parametrize(("presence", "absent"), [(0.0, True), (0.4999, True), (0.5, False), (1.0, False)])
def test_that_a_lesion_is_absent_below_one_half(presence: float, absent: bool) -> None:
    assert dataclasses.replace(draft(), presence=presence).no_lesion is absent


@pytest.mark.parametrize(("strangeness", "strange"), [(0.0, False), (1.0, False), (1.0001, True)])
def test_that_a_picture_is_strange_beyond_the_limit(strangeness: float, strange: bool) -> None:
    assert dataclasses.replace(draft(), strangeness=strangeness).is_strange is strange


@pytest.mark.parametrize(
    ("presence", "strangeness", "named"),
    [
        (1.01, 0.0, "presence"),
        (float("nan"), 0.0, "presence"),
        (1.0, -0.1, "strangeness"),
        (1.0, float("inf"), "strangeness"),
    ],
)
def test_that_findings_that_are_none_are_refused(presence: float, strangeness: float, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        dataclasses.replace(draft(), presence=presence, strangeness=strangeness)
