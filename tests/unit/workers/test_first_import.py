import gc
import sys
from collections.abc import Iterator

import pytest

from lsegdiff_gui.workers.first_import import first_import


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_that_what_a_first_import_makes_is_not_searched_for_garbage() -> None:
    frozen = gc.get_freeze_count()
    with first_import("a_module_that_nobody_has"):
        assert not gc.isenabled()
        made = [[] for _ in range(1000)]
    assert gc.isenabled()
    assert gc.get_freeze_count() >= frozen + len(made)


def test_that_a_second_import_changes_nothing() -> None:
    assert "sys" in sys.modules
    frozen = gc.get_freeze_count()
    with first_import("sys"):
        assert gc.isenabled()
    assert gc.get_freeze_count() == frozen


def test_that_a_failed_import_leaves_the_collector_on() -> None:
    with pytest.raises(ImportError), first_import("a_module_that_nobody_has"):
        raise ImportError("no such library")
    assert gc.isenabled()
