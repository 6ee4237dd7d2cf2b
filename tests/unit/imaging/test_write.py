"""The writer: all or nothing, whatever the disk does."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from lsegdiff_gui.imaging import ImageError
from lsegdiff_gui.imaging.read import read
from lsegdiff_gui.imaging.write import (
    encode_jpeg,
    encode_png,
    forget_partial_writes,
    write_atomically,
    write_png,
)


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.fixture
def failing(monkeypatch):
    """Makes one step of writing fail with an error number, as the operating system does."""

    @contextmanager
    def arrange(step: str, number: int) -> Iterator[None]:
        def fail(*_: object, **__: object) -> None:
            raise OSError(number, os.strerror(number))

        owner, name = {"open": (Path, "open"), "flush": (os, "fsync"), "rename": (Path, "replace")}[step]
        with monkeypatch.context() as patched:
            patched.setattr(owner, name, fail)
            yield

    return arrange


def test_that_bytes_arrive_and_nothing_else(tmp_path):
    write_atomically(tmp_path / "a.bin", b"content")
    assert (tmp_path / "a.bin").read_bytes() == b"content"
    assert names(tmp_path) == ["a.bin"]


def test_that_an_older_file_is_replaced_and_keeps_its_permissions(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"a much longer old content")
    path.chmod(0o640)
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_that_a_new_file_has_the_permissions_of_any_new_file(tmp_path):
    (tmp_path / "plain").touch()
    write_atomically(tmp_path / "a.bin", b"")
    assert (tmp_path / "a.bin").stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.parametrize("step", ["open", "flush", "rename"])
@pytest.mark.parametrize(
    ("number", "cause"),
    [
        (errno.ENOSPC, "the disk of the folder {folder} is full. Free some space or choose another folder."),
        (errno.EACCES, "the folder {folder} is read-only. Choose another folder or change its permissions."),
        (errno.EROFS, "the folder {folder} is read-only. Choose another folder or change its permissions."),
    ],
)
def test_that_a_failed_write_keeps_the_old_file_and_leaves_no_other(tmp_path, failing, step, number, cause):
    path = tmp_path / "mask.png"
    path.write_bytes(b"old")
    with failing(step, number), pytest.raises(ImageError) as caught:
        write_atomically(path, b"new")
    assert str(caught.value) == f"“mask.png” was not written: {cause.format(folder=tmp_path)}"
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["mask.png"]


def test_that_an_interruption_leaves_no_temporary_file(tmp_path, monkeypatch):
    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "a.bin", b"x")
    assert names(tmp_path) == []


def test_that_a_missing_folder_is_named(tmp_path):
    with pytest.raises(ImageError, match="does not exist"):
        write_atomically(tmp_path / "nowhere" / "a.bin", b"x")


def test_that_a_name_taken_by_a_folder_is_a_sentence(tmp_path):
    (tmp_path / "a.png").mkdir()
    with pytest.raises(ImageError, match="has a folder of that name"):
        write_atomically(tmp_path / "a.png", b"x")
    assert names(tmp_path) == ["a.png"]


def test_that_a_name_that_is_too_long_is_a_sentence(tmp_path):
    with pytest.raises(ImageError, match="the name is too long"):
        write_atomically(tmp_path / ("a" * 300), b"x")
    assert names(tmp_path) == []


def test_that_long_names_outside_ascii_can_be_written(tmp_path):
    path = tmp_path / ("皮" * 80 + ".png")  # 244 bytes of the 255 a name may have
    write_atomically(path, b"x")
    assert path.read_bytes() == b"x"


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("shape", [(9, 7), (9, 7, 3), (1, 1)])
def test_that_png_is_read_back_equal(tmp_path, dtype, shape):
    random = np.random.default_rng(0)
    array = random.integers(0, np.iinfo(dtype).max, shape, dtype=dtype, endpoint=True)
    write_png(tmp_path / "a.png", array)
    assert np.array_equal(read(tmp_path / "a.png").native, array)


def test_that_png_holds_no_metadata():
    data = encode_png(np.zeros((4, 4), np.uint8))
    assert not any(chunk in data for chunk in (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"))


def test_that_jpeg_keeps_the_colours(tmp_path):
    colour = np.full((16, 16, 3), (200, 60, 30), np.uint8)
    write_atomically(tmp_path / "a.jpg", encode_jpeg(colour))
    assert np.abs(read(tmp_path / "a.jpg").rgb8.astype(int) - colour).max() < 4


def test_that_what_a_format_cannot_hold_is_a_fault_of_the_program():
    with pytest.raises(ValueError, match="cannot encode"):
        encode_jpeg(np.zeros((1, 70_000), np.uint8))


def test_that_leftovers_of_killed_writers_are_removed_and_nothing_else(tmp_path):
    for name in (".a[1].bin.0f.part", ".a1.bin.0f.part", "a[1].bin", "a[1].bin.part"):
        (tmp_path / name).touch()
    forget_partial_writes(tmp_path / "a[1].bin")
    assert sorted(names(tmp_path)) == [".a1.bin.0f.part", "a[1].bin", "a[1].bin.part"]
