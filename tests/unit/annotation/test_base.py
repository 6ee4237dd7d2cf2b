import numpy as np
import pytest
from made.drafts import blob, draft

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.patch import PackedPlane
from lsegdiff_gui.annotation.postprocess import base_mask
from lsegdiff_gui.annotation.recipe import Recipe


def test_that_bases_of_the_same_draft_are_equal_and_of_others_are_not() -> None:
    assert Base.of_draft(draft(1)) == Base.of_draft(draft(1))
    assert Base.of_draft(draft(1)) != Base.of_draft(draft(2))
    assert Base.of_draft(draft(1)) != Base.of_draft(draft(1), label=2)
    assert Base.of_draft(draft(1)) != Base.empty()


def test_that_imported_masks_are_equal_by_their_pixels() -> None:
    mask = (blob(32) > 99).astype(np.uint8)
    assert Base.of_mask(mask) == Base.of_mask(mask * 255)
    assert hash(Base.of_mask(mask)) == hash(Base.of_mask(mask * 255))
    assert Base.of_mask(mask) != Base.of_mask(mask.T)


def test_that_a_draft_is_seen_through_the_recipe() -> None:
    base, recipe = Base.of_draft(draft()), Recipe(kernel=9)
    np.testing.assert_array_equal(
        base.foreground(recipe, 200, 150), base_mask(draft().probability, recipe, 200, 150)
    )


def test_that_an_imported_mask_is_taken_as_it_is() -> None:
    mask = np.zeros((50, 40), np.uint8)
    mask[3, 3] = 7
    np.testing.assert_array_equal(Base.of_mask(mask).foreground(Recipe(kernel=51), 40, 50), mask > 0)


def test_that_an_imported_mask_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="the picture"):
        Base.of_mask(np.ones((4, 5), np.uint8)).foreground(Recipe(), 4, 5)


def test_that_a_base_must_hold_what_its_kind_says() -> None:
    with pytest.raises(ValueError, match="draft"):
        Base("draft")
    with pytest.raises(ValueError, match="mask"):
        Base("empty", mask=PackedPlane.of(np.ones((2, 2), np.uint8)))
    with pytest.raises(ValueError, match="recipe"):
        Base("imported", mask=PackedPlane.of(np.ones((2, 2), np.uint8)), recipe=Recipe())
    with pytest.raises(ValueError, match="label"):
        Base(label=255)


def test_that_masks_taken_as_they_are_differ_by_where_they_come_from() -> None:
    mask = np.eye(9, dtype=np.uint8)
    assert Base.of_mask(mask, origin="a.png") != Base.of_mask(mask, origin="b.png")
    drafted = Base.baked(mask, Base.of_draft(draft(1)), Recipe(), painted=True)
    assert drafted != Base.baked(mask, Base.empty(), Recipe(), painted=True)
    assert drafted != Base.baked(mask, Base.of_draft(draft(1)), Recipe(), painted=False)


def test_that_a_mask_taken_as_it_is_is_kept_small() -> None:
    mask = np.zeros((4000, 4000), np.uint8)
    mask[1000:2000, 1000:2000] = 1
    packed = Base.of_mask(mask).mask
    assert packed is not None
    assert len(packed.data) < mask.size / 1000
