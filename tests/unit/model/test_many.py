import threading
import time

import pytest
import torch

from lsegdiff_gui.model import many
from lsegdiff_gui.model.many import Ahead, at_once


def test_that_results_come_for_whoever_asks_in_order_and_each_key_is_worked_on_once() -> None:
    worked = list[int]()

    def square(number: int) -> int:
        worked.append(number)
        return number * number

    with Ahead(range(20), square, threads=3) as results:
        assert [results.result(number) for number in range(20)] == [n * n for n in range(20)]
    assert sorted(worked) == list(range(20))


def test_that_work_on_one_key_that_fails_is_said_for_that_key_alone() -> None:
    def halve(number: int) -> float:
        return 1 / number

    with Ahead(range(4), halve, threads=2) as results:
        with pytest.raises(ZeroDivisionError):
            results.result(0)
        assert [results.result(number) for number in (1, 2, 3)] == [1, 0.5, 1 / 3]


def test_that_no_more_is_begun_than_a_little_ahead_and_the_rest_is_dropped() -> None:
    begun = list[int]()

    def note(number: int) -> None:
        begun.append(number)

    with Ahead(range(1000), note, threads=2) as results:
        results.result(0)
        time.sleep(0.05)
        assert max(begun) <= 5
    assert len(begun) <= 6


def test_that_each_thread_has_one_core_and_works_beside_the_others() -> None:
    together = threading.Barrier(2, timeout=20)

    def meet(_: int) -> int:
        together.wait()
        return torch.get_num_threads()

    with Ahead(range(2), meet, threads=2) as results:
        assert [results.result(number) for number in range(2)] == [1, 1]


@pytest.mark.parametrize(
    ("device", "pictures", "expected"), [("cpu", 1, 1), ("cpu", 7, 1), ("cpu", 8, 4), ("cuda", 1000, 1)]
)
def test_that_a_folder_takes_all_cores_and_a_few_pictures_or_a_card_take_turns(
    device: str, pictures: int, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many, "usable_cores", lambda: 4)
    assert at_once(device, pictures) == expected


def test_that_a_machine_of_many_cores_does_not_hold_more_pictures_than_its_memory_may(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(many, "usable_cores", lambda: 128)
    assert at_once("cpu", 10_000) == many.MOST_AT_ONCE
