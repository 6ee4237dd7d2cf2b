"""Thumbnails that are kept, forgotten, and made anew when a file is another."""

import os
from pathlib import Path

import numpy as np
import pytest
from made.windows import write_picture

from lsegdiff_gui import places
from lsegdiff_gui.imaging.read import ImageError, Limits
from lsegdiff_gui.workers import surveys, thumbnails
from lsegdiff_gui.workers.thumbnails import cached_thumbnail, prune

LIMITS = Limits()


def kept() -> list[Path]:
    return sorted((places.cache_folder() / "thumbnails").glob("*/*.jpg"))


def test_that_a_picture_is_decoded_for_the_list_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_picture(tmp_path / "a.png")
    first = cached_thumbnail(path, 64, LIMITS)
    assert max(first.shape) == 64

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("decoded again")

    monkeypatch.setattr(thumbnails, "read_thumbnail", refuse)
    again = cached_thumbnail(path, 64, LIMITS)
    assert np.abs(again.astype(int) - first).mean() < 4


def test_that_a_file_that_was_changed_has_another_thumbnail(tmp_path: Path) -> None:
    path = write_picture(tmp_path / "a.png", 320, 240)
    assert cached_thumbnail(path, 64, LIMITS).shape == (48, 64, 3)
    write_picture(path, 240, 320, seed=1)
    assert cached_thumbnail(path, 64, LIMITS).shape == (64, 48, 3)


def test_that_a_damaged_thumbnail_is_made_anew(tmp_path: Path) -> None:
    path = write_picture(tmp_path / "a.png")
    cached_thumbnail(path, 64, LIMITS)
    (place,) = kept()
    place.write_bytes(b"cut")
    assert max(cached_thumbnail(path, 64, LIMITS).shape) == 64


def test_that_without_a_cache_there_are_thumbnails_all_the_same(tmp_path: Path) -> None:
    path = write_picture(tmp_path / "a.png")
    (places.cache_folder() / "thumbnails").write_text("in the way")
    assert max(cached_thumbnail(path, 64, LIMITS).shape) == 64


def test_that_the_longest_unseen_go_first_when_the_cache_is_full(tmp_path: Path) -> None:
    for number in range(6):
        cached_thumbnail(write_picture(tmp_path / f"{number}.png", seed=number), 64, LIMITS)
    old = kept()[2]
    os.utime(old, (1, 1))
    assert prune(places.cache_folder() / "thumbnails", most=5) == 1
    assert old not in kept()
    assert len(kept()) == 5


def test_that_a_picture_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("no picture")
    with pytest.raises(ImageError, match=r"a\.png"):
        cached_thumbnail(tmp_path / "a.png", 64, LIMITS)
    with pytest.raises(ImageError):
        cached_thumbnail(tmp_path / "gone.png", 64, LIMITS)


def test_that_a_survey_finds_what_files_are_and_names_those_that_are_none(tmp_path: Path) -> None:
    good = write_picture(tmp_path / "a.png", 60, 40)
    bad = tmp_path / "b.png"
    bad.write_text("no picture")
    survey = surveys.survey([(7, good), (8, bad)], LIMITS, lambda: False)
    assert survey is not None
    (found,) = survey.found
    assert (found.picture_id, found.width, found.height, found.orientation) == (7, 60, 40, 1)
    assert [picture_id for picture_id, _ in survey.failures] == [8]
    assert len(kept()) == 1
    assert surveys.survey([(7, good)], LIMITS, lambda: True) is None
