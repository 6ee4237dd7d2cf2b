import numpy as np
from made.slow_regions import random_plane

from lsegdiff_gui.annotation.instance_map import COLOURS, colour_of, instance_map, middle
from lsegdiff_gui.annotation.instance_sizes import instance_sizes
from lsegdiff_gui.annotation.instances import Cut, Partition, Tie, instances
from lsegdiff_gui.annotation.labels import IGNORE
from lsegdiff_gui.annotation.region import Region


def test_that_the_plane_has_a_colour_for_each_instance_and_one_for_what_is_ignored() -> None:
    generator = np.random.default_rng(5)
    for _ in range(40):
        final = random_plane(generator, longest=30)
        final[final == 3] = IGNORE
        height, width = final.shape
        points = generator.uniform(0, (width, height), (4, 2))
        partition = Partition(
            ties=(Tie(tuple(points[0]), tuple(points[1])),), cuts=(Cut((tuple(points[2]), tuple(points[3]))),)
        )
        found = instance_map(final, partition)
        assert found.sizes == instance_sizes(final, partition)
        expected = np.zeros_like(final)
        expected[final == IGNORE] = COLOURS + 1
        shown = [each for each in instances(final, partition) if each.label != IGNORE]
        for number, each in enumerate(shown, start=1):
            expected[each.region.box.slices][each.region.inside] = colour_of(number)
        assert np.array_equal(found.plane, expected)


def test_that_every_part_has_its_instances_number_inside_it() -> None:
    final = np.zeros((40, 60), np.uint8)
    final[5:20, 5:15] = final[5:35, 30:50] = 1
    final[30:36, 5:9] = IGNORE
    tied = Partition(ties=(Tie((6, 6), (31, 6)),), cuts=(Cut(((30, 20), (50, 20))),))
    found = instance_map(final, tied)
    # The left part and the upper half of the right one are one lesion, the lower half another.
    assert sorted(each.number for each in found.numbers) == [1, 1, 2]
    for each in found.numbers:
        x, y = each.at
        assert found.plane[int(y), int(x)] == colour_of(each.number)
    assert final[int(found.numbers[0].at[1]), int(found.numbers[0].at[0])] == 1
    [(start, end)] = found.links
    assert {start, end} <= {each.at for each in found.numbers} and not found.loose


def test_that_ties_that_join_nothing_are_told_apart() -> None:
    final = np.zeros((40, 60), np.uint8)
    final[5:20, 5:15], final[5:20, 30:50], final[30:36, 5:9], final[30:36, 15:19] = 1, 2, IGNORE, IGNORE
    ties = (Tie((6, 6), (25, 6)), Tie((6, 6), (31, 6)), Tie((6, 6), (14, 6)), Tie((6, 31), (16, 31)))
    found = instance_map(final, Partition(ties=ties))
    assert not found.links and found.loose == tuple((tie.a, tie.b) for tie in ties)


def test_that_a_middle_lies_inside_whatever_the_shape() -> None:
    generator = np.random.default_rng(6)
    for _ in range(60):
        inside = generator.random((generator.integers(1, 40), generator.integers(1, 500))) < 0.02
        inside[0, 0] = True
        region = Region.of_mask(inside)
        x, y = middle(region)
        assert inside[int(y), int(x)]
    disc = np.hypot(*np.mgrid[-50:51, -50:51]) < 50
    assert np.hypot(*(np.array(middle(Region.of_mask(disc))) - 50.5)) < 3


def test_that_a_mask_without_anything_has_no_instances() -> None:
    found = instance_map(np.zeros((8, 9), np.uint8), Partition(ties=(Tie((1, 1), (2, 2)),)))
    assert not found.sizes and not found.numbers and not found.plane.any() and len(found.loose) == 1


def test_that_a_large_plane_comes_with_its_halves() -> None:
    final = np.zeros((700, 2100), np.uint8)
    final[100:103, 50:2000] = 1
    found = instance_map(final, Partition())
    assert [half.shape for half in found.smaller] == [(350, 1050), (175, 525)]
    assert found.smaller[1][25, 100] == 1 and not found.smaller[1][60:].any()


def test_that_hidden_labels_are_counted_but_not_seen() -> None:
    final = np.zeros((40, 60), np.uint8)
    final[5:20, 5:15], final[5:20, 30:50], final[25:35, 5:15] = 1, 2, 1
    found = instance_map(final, Partition(ties=(Tie((6, 6), (6, 30)),)), frozenset({1}))
    assert [size.label for size in found.sizes] == [1, 2] and [each.number for each in found.numbers] == [2]
    assert not found.plane[final != 2].any() and (found.plane[final == 2] == colour_of(2)).all()
    assert not found.links and not found.loose
