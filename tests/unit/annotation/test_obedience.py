import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from lsegdiff_gui.annotation.hints import Hint, told_by_hints
from lsegdiff_gui.annotation.obedience import HALF, obeyed, obeying
from lsegdiff_gui.annotation.postprocess import base_mask
from lsegdiff_gui.annotation.recipe import Recipe

U8 = npt.NDArray[np.uint8]
SIDE = 256


def square(top: int, left: int, side: int) -> U8:
    plane = np.zeros((SIDE, SIDE), np.uint8)
    plane[top : top + side, left : left + side] = 240
    return plane


def test_that_a_change_far_from_the_new_hint_is_left_out() -> None:
    before = square(20, 20, 60)
    answer = np.maximum(before, np.maximum(square(150, 150, 60), square(20, 180, 30)))
    told = told_by_hints([Hint(((180.0, 180.0),), belongs=True)], (SIDE, SIDE), before)
    kept = obeyed(answer, told)
    assert (kept >= HALF)[160, 160]
    assert not (kept >= HALF)[30, 190]
    assert (kept >= HALF)[30, 30]


def test_that_an_answer_that_does_not_listen_is_made_to() -> None:
    before = square(50, 50, 100)
    told = told_by_hints(
        [Hint(((100.0, 100.0),), belongs=False), Hint(((200.0, 200.0),), belongs=True)], (SIDE, SIDE), before
    )
    kept = obeyed(before, told) >= HALF
    assert not kept[100, 100]
    assert kept[200, 200]


def test_that_a_small_part_that_does_not_belong_goes_altogether() -> None:
    before = np.maximum(square(20, 20, 80), square(200, 200, 12))
    told = told_by_hints([Hint(((206.0, 206.0),), belongs=False)], (SIDE, SIDE), before)
    kept = obeyed(before, told) >= HALF
    assert not kept[190:220, 190:220].any()
    assert kept[60, 60]


def test_that_what_the_recipe_closes_again_is_opened() -> None:
    hints = [Hint(((300.0, 200.0),), belongs=False)]
    told = told_by_hints(hints, (600, 400), square(50, 50, 150))
    mask = base_mask(obeyed(square(50, 50, 150), told), Recipe(), 600, 400)
    assert mask[200, 300] == 1, "filling of holes has overruled the hint"
    assert obeying(mask, hints)[200, 300] == 0


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10_000),
    st.lists(st.tuples(st.integers(0, 499), st.integers(0, 299), st.booleans()), max_size=6),
)
def test_that_every_click_is_obeyed_whatever_the_model_answers(
    seed: int, clicks: list[tuple[int, int, bool]]
) -> None:
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (2, 16, 16)).astype(np.uint8)
    answer, before = np.kron(coarse, np.ones((1, 16, 16), np.uint8))
    hints = [Hint(((float(x), float(y)),), belongs) for x, y, belongs in clicks]
    told = told_by_hints(hints, (500, 300), before)
    mask = obeying(base_mask(obeyed(answer, told), Recipe(), 500, 300), hints)
    # A later hint may lie over an earlier one.
    for index, (x, y, belongs) in enumerate(clicks):
        if all(max(abs(x - u), abs(y - v)) > 40 for u, v, _ in clicks[index + 1 :]):
            assert mask[y, x] == int(belongs)
