"""Paths that are not what their names say: each is a picture, or has its sentence."""

import errno
import os
from pathlib import Path

import pytest

from lsegdiff_gui.imaging import ImageError
from lsegdiff_gui.imaging.pages import count_pages
from lsegdiff_gui.imaging.read import list_pictures, read, read_thumbnail


@pytest.fixture
def picture(tmp_path: Path, files, noise) -> Path:
    path = tmp_path / "lesion.png"
    path.write_bytes(files.encode(".png", noise))
    return path


def sentence(path: Path) -> str:
    with pytest.raises(ImageError) as caught:
        read(path)
    with pytest.raises(ImageError) as again:
        read_thumbnail(path, 16)
    assert str(caught.value) == str(again.value)
    return str(caught.value)


@pytest.mark.parametrize(
    "name", ["CON.png", "nul.jpg", "COM1.png", "aux", "lesion.png:stream", "-rf.png", "~.png"]
)
@pytest.mark.skipif(os.name == "nt", reason="Windows has devices of these names")
def test_that_names_of_devices_of_other_systems_are_just_names(picture, name):
    path = picture.with_name(name)
    picture.rename(path)
    assert read(path).width == 64


@pytest.mark.parametrize("device", ["/dev/null", "/dev/zero", "/dev/tty"])
@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no such devices")
def test_that_a_device_is_not_read(device):
    assert sentence(Path(device)) == f"{device} is not a file. Choose a picture."
    assert count_pages(Path(device)) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_that_a_pipe_is_not_waited_for_to_count_its_pages(tmp_path):
    os.mkfifo(tmp_path / "pipe.tif")
    os.mkfifo(tmp_path / "pipe")
    assert count_pages(tmp_path / "pipe.tif") == 1
    assert list_pictures([tmp_path]) == [tmp_path / "pipe.tif"]
    assert "is not a file" in sentence(tmp_path / "pipe.tif")


def test_that_a_link_is_the_picture_it_leads_to_and_keeps_its_own_name(picture):
    link = picture.with_name("link.jpg")
    link.symlink_to(picture)
    assert read(link).path == link
    assert read(link).sha256 == read(picture).sha256


def test_that_a_link_to_nothing_is_named(tmp_path):
    link = tmp_path / "link.png"
    link.symlink_to(tmp_path / "gone.png")
    assert list_pictures([tmp_path]) == [link]
    assert sentence(link) == f"{link} does not exist. Was it moved or renamed?"


def test_that_a_link_that_leads_to_itself_is_named(tmp_path):
    link = tmp_path / "link.png"
    link.symlink_to(link)
    assert sentence(link) == f"{link} is a link that leads to itself. Open the picture it was made for."


def test_that_a_folder_with_the_name_of_a_picture_is_a_folder(picture):
    folder = picture.with_name("album.jpg")
    folder.mkdir()
    picture.rename(folder / "inside.png")
    with pytest.raises(ImageError, match="holds no pictures"):
        list_pictures([folder.parent])
    assert list_pictures([folder]) == [folder / "inside.png"]
    assert sentence(folder) == f"{folder} is a folder, not a picture. Open it as a folder."


def test_that_a_file_that_goes_between_listing_and_reading_is_named(picture):
    (found,) = list_pictures([picture.parent])
    picture.unlink()
    assert sentence(found) == f"{found} does not exist. Was it moved or renamed?"


def test_that_a_file_that_shrinks_between_its_size_and_its_content_is_incomplete(picture, monkeypatch):
    whole = picture.read_bytes()
    monkeypatch.setattr(Path, "read_bytes", lambda _: whole[:1000])
    assert "it is incomplete, its end is missing" in sentence(picture)


def test_that_a_name_that_is_too_long_is_named(tmp_path):
    path = tmp_path / ("x" * 300 + ".png")
    assert sentence(path).endswith("its name is too long. Rename it, or move it to another folder.")


def test_that_a_name_with_a_zero_byte_is_no_name():
    path = Path("lesion\0.png")
    assert sentence(path) == "'lesion\\x00.png' is not the name of a file. Choose a picture."
    with pytest.raises(ImageError, match="is not the name of a file"):
        list_pictures([path])


@pytest.mark.skipif(os.name == "nt", reason="Windows names are text")
def test_that_a_name_that_is_not_text_is_read(picture):
    path = picture.with_name(os.fsdecode(b"l\xe4sion.png"))
    picture.rename(path)
    assert read(path).width == 64
    assert list_pictures([path.parent]) == [path]


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.ENODEV])
def test_that_a_disk_that_is_gone_is_named_with_what_the_system_says(picture, monkeypatch, number):
    def fail(_: Path) -> bytes:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "read_bytes", fail)
    assert sentence(picture) == f"{picture} cannot be read: {os.strerror(number)}. Is its disk connected?"
