"""Lesions told apart in a file are told apart here."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lsegdiff_gui.annotation.instances import Partition, instances
from lsegdiff_gui.annotation.parting import partition_of


def owners_found(labels: np.ndarray, partition: Partition) -> np.ndarray:
    found = np.zeros(labels.shape, np.int32)
    for lesion in instances(labels, partition):
        found[lesion.region.box.slices][lesion.region.inside] = lesion.number
    return found


def is_same(found: np.ndarray, owners: np.ndarray) -> bool:
    pairs = {(int(a), int(b)) for a, b in zip(found.ravel(), owners.ravel(), strict=True)}
    return len({a for a, _ in pairs}) == len({b for _, b in pairs}) == len(pairs)


def disc(height: int, width: int, y: int, x: int, radius: int) -> np.ndarray:
    rows, columns = np.mgrid[:height, :width]
    return (rows - y) ** 2 + (columns - x) ** 2 <= radius**2


def test_that_lesions_apart_need_neither_cut_nor_tie() -> None:
    owners = np.zeros((60, 80), np.int32)
    owners[disc(60, 80, 20, 20, 10)] = 1
    owners[disc(60, 80, 40, 60, 10)] = 2
    parting = partition_of((owners > 0).astype(np.uint8), owners)
    assert (parting.partition, parting.joined, parting.moved) == (Partition(), 0, 0)


@pytest.mark.parametrize("swapped", [False, True])
def test_that_touching_lesions_are_parted_exactly_where_they_touch(swapped: bool) -> None:
    owners = np.zeros((80, 100), np.int32)
    owners[disc(80, 100, 40, 35, 22)] = 2 if swapped else 1
    owners[disc(80, 100, 44, 66, 24) & (owners == 0)] = 1 if swapped else 2
    labels = (owners > 0).astype(np.uint8)
    parting = partition_of(labels, owners)
    assert parting.joined == parting.moved == 0
    assert 1 <= len(parting.partition.cuts) <= 3
    assert is_same(owners_found(labels, parting.partition), owners)


def test_that_a_lesion_in_parts_is_tied_and_other_labels_stay_out_of_it() -> None:
    owners = np.zeros((60, 90), np.int32)
    owners[5:20, 5:20] = owners[40:50, 60:80] = owners[5:9, 80:85] = 1
    owners[30:35, 5:20] = 2
    owners[20:25, 5:20] = 3
    labels = np.array([0, 1, 1, 2], np.uint8)[owners]
    parting = partition_of(labels, owners)
    assert len(parting.partition.ties) == 2
    assert parting.partition.cuts == ()
    assert is_same(owners_found(labels, parting.partition), owners)


def test_that_a_lesion_within_another_is_parted() -> None:
    owners = np.zeros((60, 60), np.int32)
    owners[5:55, 5:55] = 1
    owners[20:40, 20:40] = 2
    labels = (owners > 0).astype(np.uint8)
    parting = partition_of(labels, owners)
    assert parting.joined == parting.moved == 0
    assert is_same(owners_found(labels, parting.partition), owners)


def test_that_lesions_too_thin_for_a_cut_are_told_as_joined() -> None:
    owners = np.zeros((5, 12), np.int32)
    owners[2, :6], owners[2, 6:] = 1, 2
    owners[3, :] = 3
    parting = partition_of((owners > 0).astype(np.uint8), owners)
    found = owners_found((owners > 0).astype(np.uint8), parting.partition)
    assert parting.joined == 3 - found.max()


@given(arrays(np.int32, st.tuples(st.integers(1, 14), st.integers(1, 14)), elements=st.integers(0, 4)))
def test_that_what_is_told_of_any_lesions_is_true(owners: np.ndarray) -> None:
    labels = np.array([0, 1, 1, 2, 1], np.uint8)[owners]
    parting = partition_of(labels, owners)
    if parting.joined == parting.moved == 0:
        assert is_same(owners_found(labels, parting.partition), owners)
