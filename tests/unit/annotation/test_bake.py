"""The final mask made the base."""

import numpy as np
import pytest
from made.drafts import draft

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.commands import BaseChange, RecipeChange
from lsegdiff_gui.annotation.document import ERASED, IGNORE, Document, Status
from lsegdiff_gui.annotation.incoming import Origin
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.annotation.stroke import Stroke

WIDTH, HEIGHT = 330, 290


@pytest.fixture
def document() -> Document:
    """A draft that was painted on with several labels, and erased in part."""
    document = Document(WIDTH, HEIGHT, base=Base.of_draft(draft(), label=2), recipe=Recipe(kernel=9))
    document.rebuild_base()
    for label, x, y in ((1, 40, 40), (IGNORE, 300, 250), (ERASED, 150, 140), (3, 140, 160)):
        stroke = Stroke(document, label=label, radius=20, tool="brush")
        stroke.move_to(x, y)
        stroke.finish()
    return document


def test_that_baking_changes_no_pixel_and_empties_the_edits(document: Document) -> None:
    final = document.final.copy()
    assert document.bake() is not None
    np.testing.assert_array_equal(document.final, final)
    assert not document.is_edited
    assert not document.override.any()
    assert not document.needs_base
    np.testing.assert_array_equal(document.base.foreground(Recipe(), WIDTH, HEIGHT), final)
    assert document.status is Status.IN_PROGRESS


def test_that_a_baked_base_says_where_it_comes_from(document: Document) -> None:
    made_of = document.base.draft
    document.bake()
    document.apply(RecipeChange(document.recipe, Recipe(kernel=31)))
    stroke = Stroke(document, label=1, radius=5, tool="brush")
    stroke.move_to(5, 200)
    stroke.finish()
    document.bake()
    base = document.base
    assert (base.kind, base.draft, base.recipe) == ("baked", made_of, Recipe(kernel=9))
    assert base.painted
    attributes = base.to_attributes()
    assert made_of is not None
    assert attributes["weights_sha256"] == made_of.provenance.weights_sha256
    assert attributes["base"] == "baked"
    assert attributes["baked_with"]["kernel"] == 9


def test_that_baking_over_an_imported_mask_keeps_its_origin() -> None:
    base = Base.of_mask(np.eye(HEIGHT, WIDTH, dtype=np.uint8), label=3, origin=Origin("a.png"))
    document = Document(WIDTH, HEIGHT, base=base)
    document.clear()
    document.bake()
    assert document.base.to_attributes() == {
        "base": "baked",
        "base_origin": {"file": "a.png"},
        "baked_with": Recipe().to_dict(),
    }


def test_that_the_recipe_leaves_a_baked_base_alone(document: Document) -> None:
    document.bake()
    final = document.final.copy()
    document.apply(RecipeChange(document.recipe, Recipe(threshold=0.9, grow=51)))
    assert not document.needs_base
    np.testing.assert_array_equal(document.final, final)


def test_that_baking_is_one_step_forth_and_back(document: Document) -> None:
    before = document.final.copy(), document.override.copy(), document.base
    document.bake()
    baked = document.base
    document.undo()
    # The mask is right at once, before the draft's is made again.
    np.testing.assert_array_equal(document.final, before[0])
    document.rebuild_base()
    np.testing.assert_array_equal(document.final, before[0])
    np.testing.assert_array_equal(document.override, before[1])
    assert document.base == before[2]
    document.redo()
    np.testing.assert_array_equal(document.final, before[0])
    assert document.base == baked


def test_that_redoing_a_bake_while_the_draft_s_mask_is_missing_takes_what_was_baked(
    document: Document,
) -> None:
    final = document.final.copy()
    document.bake()
    document.undo()
    document.place_base(np.ones((HEIGHT, WIDTH), np.uint8), exact=False)
    document.redo()
    np.testing.assert_array_equal(document.final, final)
    assert not document.needs_base


def test_that_a_baked_base_comes_back_when_another_is_taken_away(document: Document) -> None:
    document.bake()
    final = document.final.copy()
    document.apply(BaseChange(document.base, Base.empty()))
    assert not document.final.any()
    document.undo()
    np.testing.assert_array_equal(document.final, final)


def test_that_there_is_nothing_to_bake_where_no_recipe_and_no_edit_is() -> None:
    document = Document(WIDTH, HEIGHT)
    assert document.bake() is None
    stroke = Stroke(document, label=1, radius=5, tool="brush")
    stroke.move_to(5, 200)
    stroke.finish()
    assert document.bake() is not None
    assert document.bake() is None
    assert document.history.cursor == 2


def test_that_a_preview_is_not_baked(document: Document) -> None:
    document.apply(RecipeChange(document.recipe, Recipe(kernel=31)))
    with pytest.raises(RuntimeError, match="not there yet"):
        document.bake()


def test_that_a_baked_base_tells_whether_anything_was_painted() -> None:
    document = Document(WIDTH, HEIGHT, base=Base.of_draft(draft()))
    document.rebuild_base()
    document.bake()
    assert not document.base.painted
    document.clear()
    document.bake()
    assert document.base.painted
