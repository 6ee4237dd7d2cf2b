import numpy as np
from made.drafts import provenance

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.doubt import as_it_is, doubtful_regions, pinned_cells, score_left, unseen
from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.labels import ERASED


def spread() -> np.ndarray:
    plane = np.zeros((64, 64), np.uint8)
    plane[5:10, 5:10] = 250
    plane[30:50, 30:50] = 120
    plane[60, 60] = 255
    return plane


def test_that_the_most_doubtful_region_comes_first_and_specks_are_none() -> None:
    regions = doubtful_regions(spread())
    assert [region.cells.pixels for region in regions] == [400, 25]
    assert regions[0].doubt > regions[1].doubt
    box = regions[0].box(64, 640, 320)
    assert (box.x0, box.y0, box.x1, box.y1) == (300, 150, 500, 250)


def test_that_a_region_is_seen_once_most_of_it_is_pinned_and_the_score_follows() -> None:
    regions = doubtful_regions(spread())
    override = np.zeros((320, 640), np.uint8)
    assert len(unseen(regions, pinned_cells(override, 64))) == 2
    override[150:250, 300:480] = ERASED
    pinned = pinned_cells(override, 64)
    assert [region.cells.pixels for region in unseen(regions, pinned)] == [25]
    certain = np.full((64, 64), 255, np.uint8)
    draft = Draft(certain, spread(), certain[None], certain[None], provenance())
    assert score_left(draft, np.zeros_like(pinned)) == draft.spread_score
    assert score_left(draft, pinned) < draft.spread_score
    assert score_left(draft, np.ones_like(pinned)) == 0.0


def test_that_confirming_pins_the_region_and_changes_no_pixel() -> None:
    document = Document(640, 320)
    document.edit([(_square(200, 400), 1)], "brush")
    before = document.final.copy()
    (first, _) = doubtful_regions(spread())
    document.edit(as_it_is(first, 64, document.final), "confirm")
    assert np.array_equal(document.final, before)
    assert (document.override[150:250, 300:500] != 0).all()


def _square(top: int, left: int):  # type: ignore[no-untyped-def]
    from lsegdiff_gui.annotation.region import Region
    from lsegdiff_gui.imaging.geometry import Box

    return Region.of_mask(np.ones((60, 80), np.uint8), Box(left, top, left + 80, top + 60))
