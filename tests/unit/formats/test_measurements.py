"""Measures against slow references and shapes whose measures are known."""

import csv
import io
import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from made.masks import masks

from lsegdiff_gui.annotation.instances import Partition
from lsegdiff_gui.annotation.labels import IGNORE
from lsegdiff_gui.annotation.outgoing import ExportItem
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.formats.export import export
from lsegdiff_gui.formats.measurements import COLUMNS, Measures, dice, perimeter, rows_of
from lsegdiff_gui.formats.parts import parts_of
from lsegdiff_gui.formats.request import ExportRequest, Format


def disc(radius: float, side: int = 400) -> np.ndarray:
    y, x = np.ogrid[:side, :side]
    return ((x - side / 2 + 0.5) ** 2 + (y - side / 2 + 0.5) ** 2 < radius**2).astype(np.uint8)


def slow_perimeter(mask: np.ndarray) -> float:
    """Crofton's formula, pixel by pixel: what four families of lines cross of the border."""
    padded = np.pad(mask, 1).astype(int)
    height, width = padded.shape
    total = 0.0
    for y in range(height):
        for x in range(width):
            for dy, dx, weight in ((0, 1, 1.0), (1, 0, 1.0), (1, 1, math.sqrt(0.5)), (1, -1, math.sqrt(0.5))):
                if 0 <= y + dy < height and 0 <= x + dx < width:
                    total += weight * abs(padded[y, x] - padded[y + dy, x + dx])
    return math.pi / 8 * total


def slow_diameters(mask: np.ndarray) -> tuple[float, float]:
    """The largest distance of two corners, and the least width over lines through any two of them."""
    corners = {(x + dx, y + dy) for y, x in np.argwhere(mask).tolist() for dx in (0, 1) for dy in (0, 1)}
    longest = max(math.dist(a, b) for a in corners for b in corners)
    points = np.array(sorted(corners), float)
    shortest = math.inf
    for a, b in combinations(points, 2):
        normal = np.array([-(b - a)[1], (b - a)[0]]) / np.hypot(*(b - a))
        heights = points @ normal
        shortest = min(shortest, heights.max() - heights.min())
    return longest, shortest


@settings(max_examples=40)
@given(masks)
def test_that_measures_are_those_of_slow_references(mask):
    assume(mask.any() and mask.sum() < 60)
    measures = Measures.of(Region.of_mask(mask))
    assert measures.perimeter == pytest.approx(slow_perimeter(mask))
    longest, shortest = slow_diameters(mask)
    assert measures.feret_max == pytest.approx(longest)
    assert measures.feret_min == pytest.approx(shortest)
    y, x = np.argwhere(mask).mean(axis=0) + 0.5
    assert measures.centroid == pytest.approx((x, y))
    assert measures.area == mask.sum()


@pytest.mark.parametrize("radius", [20, 57.3, 150])
def test_that_a_disc_has_the_measures_of_a_circle(radius):
    measures = Measures.of(Region.of_mask(disc(radius)))
    assert measures.area == pytest.approx(math.pi * radius**2, rel=0.01)
    assert measures.perimeter == pytest.approx(2 * math.pi * radius, rel=0.02)
    assert measures.equivalent_diameter == pytest.approx(2 * radius, rel=0.01)
    assert measures.feret_max == pytest.approx(2 * radius, abs=1.5)
    assert measures.feret_min == pytest.approx(2 * radius, abs=1.5)
    assert measures.centroid == pytest.approx((200, 200))


def test_that_a_rectangle_has_its_sides_and_diagonal():
    mask = np.zeros((50, 60), np.uint8)
    mask[10:40, 5:45] = 1
    measures = Measures.of(Region.of_mask(mask))
    assert (measures.feret_max, measures.feret_min) == pytest.approx((50, 30))
    assert measures.box == (5, 10, 40, 30)
    assert measures.centroid == (25, 25)
    assert measures.perimeter == pytest.approx(140, rel=0.06)


def test_that_the_border_of_a_hole_counts():
    ring = disc(100) - disc(50)
    assert perimeter(ring != 0) == pytest.approx(2 * math.pi * 150, rel=0.02)


def test_that_there_is_a_row_for_the_picture_and_one_for_each_lesion_none_for_what_is_ignored():
    mask = np.zeros((20, 30), np.uint8)
    mask[2:6, 2:6], mask[10:15, 10:20], mask[0, 25:] = 1, 3, IGNORE
    names = {1: "Lesion", 3: "=Vessel", IGNORE: "Ignore"}
    parts = parts_of("a.png", mask, names, Partition())
    whole, *rows = rows_of("a.png", 30, 20, parts, names, "done", 0.5)
    assert (whole["scope"], whole["area_px"], whole["dice_to_draft"]) == ("picture", 66, 0.5)
    assert [(row["instance"], row["label"], row["area_px"]) for row in rows] == [
        (1, "Lesion", 16),
        (2, "=Vessel", 50),
    ]
    assert all(set(row) <= set(COLUMNS) for row in (whole, *rows))


def test_that_dice_is_one_for_the_same_half_for_half_and_one_for_nothing_at_all():
    a, b = np.array([[1, 1, 0, IGNORE]], np.uint8), np.array([[0, 1, 1, 0]], np.uint8)
    assert dice(a, b) == 0.5
    assert dice(a, np.array([[1, 1, 0, 0]], np.uint8)) == 1
    assert dice(a * 0, b * 0) == 1


def test_that_the_table_opens_in_a_spreadsheet_with_a_picture_without_lesion(tmp_path):
    items = [
        ExportItem(tmp_path / "=a, b.png", 9, 9, lambda: np.eye(9, dtype=np.uint8), {"status": "done"}),
        ExportItem(tmp_path / "é.png", 3, 4, lambda: np.zeros((4, 3), np.uint8), {"status": "no_lesion"}),
    ]
    export(items, ExportRequest(tmp_path / "out", frozenset({Format.CSV})))
    text = (tmp_path / "out" / "measurements.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["picture"], row["scope"], row["area_px"]) for row in rows] == [
        ("'=a, b.png", "picture", "9"),
        ("'=a, b.png", "instance", "9"),
        ("é.png", "picture", "0"),
    ]
    assert rows[2]["perimeter_px"] == "" and rows[2]["status"] == "no_lesion"
