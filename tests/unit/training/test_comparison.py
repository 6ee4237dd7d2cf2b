import numpy as np
import pytest

from lsegdiff_gui.training.comparison import grouped, has, one_row_a_picture, paired, with_interval


def rows(count: int = 80) -> list[dict[str, object]]:
    """Pictures that are hard or easy for both, and a draft that is a little ahead on each."""
    rng = np.random.default_rng(0)
    twin = rng.uniform(0.3, 0.9, count)
    return [
        {"stem": f"case {i}", "dice": float(t + 0.02 + rng.normal(0, 0.01)), "twin_dice": float(t)}
        for i, t in enumerate(twin)
    ]


def test_that_a_mean_comes_with_its_interval() -> None:
    figures = with_interval("dice", np.array([0.8, 0.9, 1.0]))
    assert figures["dice"] == pytest.approx(0.9)
    assert 0.8 <= figures["dice_low"] < 0.9 < figures["dice_high"] <= 1.0


def test_that_pairing_sees_a_small_gain_under_a_large_scatter() -> None:
    figures = paired(rows())
    assert figures["ahead_of_twin"] == pytest.approx(0.02, abs=0.005)
    assert figures["ahead_of_twin_low"] > 0.015
    scatter = with_interval("dice", np.array([row["dice"] for row in rows()], np.float64))
    assert figures["ahead_of_twin_high"] - figures["ahead_of_twin_low"] < 0.1 * (
        scatter["dice_high"] - scatter["dice_low"]
    )


def test_that_only_what_every_picture_has_is_compared() -> None:
    some = rows(4)
    some[2]["twin_dice"] = None
    assert paired(some) == {}
    assert not has(some, "dice", "twin_dice")
    assert has(some, "dice")


def test_that_a_picture_of_several_runs_counts_once() -> None:
    first: list[dict[str, object]] = [
        {"stem": "a", "foreground": 0.1, "dice": 0.8, "twin_dice": 0.7, "centre": "C1"},
        {"stem": "b", "foreground": 0.2, "dice": 0.6, "twin_dice": None},
    ]
    second: list[dict[str, object]] = [
        {"stem": "a", "foreground": 0.1, "dice": 0.9, "twin_dice": None, "centre": "C1"},
        {"stem": "b", "foreground": 0.3, "dice": 0.5},  # another picture of the same name
    ]
    pooled = one_row_a_picture([first, second])
    assert pooled[0] == {"stem": "a", "foreground": 0.1, "dice": pytest.approx(0.85), "centre": "C1"}
    assert pooled[1:] == [first[1], second[1]]
    with pytest.raises(ValueError, match="foreground"):
        one_row_a_picture([[{"stem": "a"}]])


def test_that_rows_without_a_group_are_left_out() -> None:
    made = grouped([{"centre": "B"}, {"centre": None}, {"centre": "A"}], lambda row: row["centre"])  # type: ignore[arg-type,return-value]
    assert list(made) == ["A", "B"]
