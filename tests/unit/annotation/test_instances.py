import json
import math
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made.slow_regions import EIGHT, FOUR, Pixels, pieces, pixels, random_plane, where

from lsegdiff_gui.annotation.instances import FARTHEST, Cut, Instance, Partition, Tie, instances, path

U8 = npt.NDArray[np.uint8]
Points = list[tuple[float, float]]

coordinates = st.one_of(
    st.integers(-5, 25), st.integers(-40, 200).map(lambda eighths: eighths / 8), st.floats(-5, 25)
)
lines = st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=5)


def parted(component: Pixels, cut: Pixels) -> list[Pixels]:
    """The sides of the cut in one component; the pixels under it handed out ring by ring."""
    sides = pieces(component - cut, EIGHT)
    if len(sides) < 2:
        return [component]
    waiting = component & cut
    while waiting:
        given: dict[tuple[int, int], int] = {}
        for x, y in waiting:
            for steps in (FOUR, EIGHT):
                near = [
                    k for k, side in enumerate(sides) if any((x + dx, y + dy) in side for dx, dy in steps)
                ]
                if near:
                    given[x, y] = near[0]
                    break
        for pixel, side in given.items():
            sides[side].add(pixel)
        waiting = waiting - given.keys()
    return sides


def slow_instances(plane: U8, partition: Partition) -> list[tuple[int, Pixels]]:
    cut = {(int(x), int(y)) for line in partition.cuts for x, y in path(line.points)}
    parts = [
        (label, side)
        for label in range(1, 256)
        for component in pieces(where(plane == label), EIGHT)
        for side in parted(component, cut)
    ]
    for tie in partition.ties:
        ends = [(math.floor(x), math.floor(y)) for x, y in (tie.a, tie.b)]
        held = [part for end in ends for part in parts if end in part[1]]
        if len(held) == 2 and held[0] is not held[1] and held[0][0] == held[1][0]:
            parts = [part for part in parts if part not in held] + [(held[0][0], held[0][1] | held[1][1])]
    return sorted(parts, key=lambda part: min((y, x) for x, y in part[1]))


def as_pairs(found: list[Instance]) -> list[tuple[int, Pixels]]:
    assert [each.number for each in found] == list(range(1, len(found) + 1))
    return [(each.label, pixels(each.region)) for each in found]


def random_partition(generator: np.random.Generator) -> Partition:
    def points(count: int) -> tuple[tuple[float, float], ...]:
        return tuple((float(x), float(y)) for x, y in generator.uniform(-3, 23, (count, 2)))

    ties = tuple(Tie(*points(2)) for _ in range(int(generator.integers(0, 8))))
    cuts = tuple(Cut(points(int(generator.integers(1, 5)))) for _ in range(int(generator.integers(0, 4))))
    return Partition(ties, cuts)


@pytest.mark.parametrize("seed", range(100))
def test_that_instances_follow_from_the_plain_rules(seed: int) -> None:
    generator = np.random.default_rng(seed)
    plane, partition = random_plane(generator, labels=2), random_partition(generator)
    before = plane.copy()
    assert as_pairs(instances(plane, partition)) == slow_instances(plane, partition)
    assert np.array_equal(plane, before)


def test_that_each_pixel_belongs_to_exactly_one_instance() -> None:
    generator = np.random.default_rng(0)
    for _ in range(50):
        plane, partition = random_plane(generator), random_partition(generator)
        covered = np.zeros(plane.shape, np.int64)
        for each in instances(plane, partition):
            covered[each.region.box.slices] += each.region.inside * each.label
        assert np.array_equal(covered, plane)


def test_that_instances_are_counted_in_reading_order_of_their_first_pixels() -> None:
    plane = np.zeros((10, 20), np.uint8)
    plane[1:4, 12:15] = 2
    plane[1:4, 2:5] = 1
    plane[0, 19] = 1
    plane[7, 0] = 1
    found = [(each.number, each.label, each.region.box.x0) for each in instances(plane, Partition())]
    assert found == [(1, 1, 19), (2, 1, 2), (3, 2, 12), (4, 1, 0)]


@pytest.mark.parametrize("seed", range(30))
def test_that_a_cut_across_parts_a_lesion_in_two_along_its_line(seed: int) -> None:
    generator = np.random.default_rng(seed)
    plane = np.ones((40, 40), np.uint8)
    x, y = float(generator.uniform(5, 35)), float(generator.uniform(5, 35))
    angle = float(generator.uniform(0, math.pi))
    run, rise = 80 * math.cos(angle), 80 * math.sin(angle)
    found = instances(plane, Partition(cuts=(Cut(((x - run, y - rise), (x + run, y + rise))),)))
    assert len(found) == 2
    one = found[0].region.mask(40, 40)
    rows, columns = np.mgrid[0:40, 0:40] + 0.5
    distance = ((columns - x) * rise - (rows - y) * run) / 80
    clear = np.abs(distance) > 2
    side = distance[one == 1][np.abs(distance[one == 1]).argmax()] > 0
    assert np.array_equal((one == 1)[clear], (distance > 0)[clear] == side)


def test_that_a_cut_that_ends_inside_a_lesion_leaves_it_whole() -> None:
    plane = np.ones((20, 20), np.uint8)
    found = instances(plane, Partition(cuts=(Cut(((-3, 10), (15, 10))),)))
    assert [each.region.pixels for each in found] == [400]


def test_that_a_lesion_altogether_under_a_cut_stays_one() -> None:
    plane = np.zeros((9, 30), np.uint8)
    plane[4, 3:20] = 1
    found = instances(plane, Partition(cuts=(Cut(((0, 4.5), (29, 4.5))),)))
    assert [each.region.pixels for each in found] == [17]


def test_that_a_cut_gives_no_pixel_of_one_lesion_to_another() -> None:
    plane = np.zeros((20, 20), np.uint8)
    plane[2:18, 3:9] = 1
    plane[2:18, 10:16] = 2
    found = instances(plane, Partition(cuts=(Cut(((0, 9), (19, 9))),)))
    assert [each.label for each in found] == [1, 2, 1, 2]
    assert sum(each.region.pixels for each in found if each.label == 1) == 16 * 6


def test_that_a_tie_joins_over_the_background_and_ties_chain() -> None:
    plane = np.zeros((5, 30), np.uint8)
    plane[2, 1:5] = plane[2, 10:15] = plane[2, 20:25] = 1
    ties = (Tie((2, 2), (11, 2)), Tie((21.9, 2.9), (12, 2)))
    found = instances(plane, Partition(ties))
    assert [each.region.pixels for each in found] == [14]
    assert found[0].region.box.x1 == 25


def test_that_a_tie_undoes_what_a_cut_parted() -> None:
    plane = np.ones((20, 20), np.uint8)
    cut = Cut(((-1, 10), (21, 10)))
    assert len(instances(plane, Partition((), (cut,)))) == 2
    assert len(instances(plane, Partition((Tie((3, 3), (3, 17)),), (cut,)))) == 1


@pytest.mark.parametrize("end", [(2, 0), (25, 2), (-4, 2), (2, 99)])
def test_that_a_tie_to_another_label_or_to_nothing_does_nothing(end: tuple[int, int]) -> None:
    plane = np.zeros((5, 30), np.uint8)
    plane[2, 1:5] = plane[2, 10:15] = 1
    plane[2, 20:28] = 2
    assert len(instances(plane, Partition((Tie((2, 2), end),)))) == 3


def test_that_a_plane_without_labels_has_no_instances() -> None:
    partition = Partition((Tie((1, 1), (2, 2)),), (Cut(((0, 0), (9, 9))),))
    assert instances(np.zeros((9, 9), np.uint8), partition) == []


@settings(max_examples=300, deadline=None)
@given(lines)
def test_that_a_path_runs_without_gaps_over_the_pixels_that_its_line_touches(points: Points) -> None:
    found = path(points)
    corners = [(math.floor(x), math.floor(y)) for x, y in points]
    steps = [abs(b[0] - a[0]) + abs(b[1] - a[1]) for a, b in pairwise(corners)]
    assert len(found) == 1 + sum(steps)
    assert (np.abs(np.diff(found, axis=0)).sum(axis=1) == 1).all()
    ends = np.cumsum([0, *steps])
    assert [tuple(pixel) for pixel in found[ends].tolist()] == corners
    for k, (start, end) in enumerate(pairwise(points)):
        for x, y in found[ends[k] : ends[k + 1] + 1]:
            # The share of the segment within the pixel's columns and that within its rows meet.
            low, high = 0.0, 1.0
            for first, last, edge in ((start[0], end[0], x), (start[1], end[1], y)):
                if abs(last - first) > 1e-9:
                    a, b = sorted(((edge - first) / (last - first), (edge + 1 - first) / (last - first)))
                    low, high = max(low, a), min(high, b)
            assert low <= high + 1e-6


def test_that_a_path_of_no_points_is_empty() -> None:
    assert path([]).shape == (0, 2)
    assert path([(3.7, -0.2)]).tolist() == [[3, -1]]


@given(
    st.lists(st.tuples(st.tuples(coordinates, coordinates), st.tuples(coordinates, coordinates)), max_size=3),
    st.lists(lines, max_size=3),
)
def test_that_a_partition_comes_back_from_json(
    ties: list[tuple[tuple[float, float], ...]], cuts: list[Points]
) -> None:
    partition = Partition(tuple(Tie(*ends) for ends in ties), tuple(Cut(tuple(line)) for line in cuts))
    assert Partition.from_dict(json.loads(json.dumps(partition.to_dict()))) == partition


def test_that_fields_of_a_later_version_are_passed_over() -> None:
    assert Partition.from_dict({"later": 1}) == Partition()


@pytest.mark.parametrize("values", [{"ties": [[[0, 0]]]}, {"cuts": [[[0]]]}, {"cuts": 3}, {"cuts": [["ab"]]}])
def test_that_damaged_values_are_refused(values: dict[str, object]) -> None:
    with pytest.raises((TypeError, ValueError)):
        Partition.from_dict(values)


@pytest.mark.parametrize("value", [math.nan, math.inf, -2 * FARTHEST])
def test_that_a_point_that_is_no_place_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="point"):
        Tie((0, 0), (value, 0))
    with pytest.raises(ValueError, match="point"):
        Cut(((0, 0), (0, value)))
