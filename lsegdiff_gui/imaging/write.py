"""The only writer: a file appears complete under its name, or the old one stays as it was."""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import secrets
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.imaging.picture import ImageError, NativePixels

# Level 1 is four times as fast as zlib's default on masks of 8192 x 8192 and the files differ by little.
_PNG_COMPRESSION = 1
_TEMPORARY_SUFFIX = ".part"


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that no reader ever sees half of it.

    The bytes go to a temporary file in the same folder, reach the disk (fsync), and take the name in one
    step. Whatever fails, the temporary file is removed and an older file of that name is untouched.

    Raises:
        ImageError: the folder is missing or read-only, the disk is full, or the name is taken by a folder.
    """
    temporary = path.with_name(f"{_temporary_start(path)}{secrets.token_hex(6)}{_TEMPORARY_SUFFIX}")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileNotFoundError):
            temporary.chmod(path.stat().st_mode & 0o777)
        temporary.replace(path)
    except BaseException as problem:
        with contextlib.suppress(OSError):
            temporary.unlink()
        if isinstance(problem, OSError):
            raise ImageError(_sentence(path, problem)) from problem
        raise
    _sync_folder(path.parent)


def forget_partial_writes(path: Path) -> None:
    """Remove what processes that were killed while writing `path` left beside it. For a file with one writer."""
    for temporary in path.parent.glob(f"{glob.escape(_temporary_start(path))}*{_TEMPORARY_SUFFIX}"):
        with contextlib.suppress(OSError):
            temporary.unlink()


def _temporary_start(path: Path) -> str:
    return f".{path.name[:40]}."


def make_folder(folder: Path) -> None:
    """Make a folder with its parents unless it is there. Raises ImageError naming it and the cause."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as problem:
        raise ImageError(f"{folder} is a file, not a folder. Choose another folder.") from problem
    except OSError as problem:
        reason = problem.strerror or "unknown reason"
        raise ImageError(f"The folder {folder} cannot be made ({reason}). Choose another one.") from problem


def encode_png(array: NativePixels) -> bytes:
    """Encode (H, W) grey or (H, W, 3) RGB, uint8 or uint16, as PNG without any metadata."""
    return _encode(".png", array, [cv2.IMWRITE_PNG_COMPRESSION, _PNG_COMPRESSION])


def encode_jpeg(array: npt.NDArray[np.uint8], quality: int = 95) -> bytes:
    """Encode (H, W) grey or (H, W, 3) RGB uint8 as JPEG without any metadata. quality: 1 to 100."""
    return _encode(".jpg", array, [cv2.IMWRITE_JPEG_QUALITY, quality])


def write_png(path: Path, array: NativePixels) -> None:
    """Write (H, W) grey or (H, W, 3) RGB, uint8 or uint16, as PNG.

    Raises ImageError as `write_atomically` does.
    """
    write_atomically(path, encode_png(array))


def _encode(suffix: str, array: NativePixels, options: list[int]) -> bytes:
    blue_first = array if array.ndim == 2 else cv2.cvtColor(array, cv2.COLOR_RGB2BGR)
    encoded, data = cv2.imencode(suffix, blue_first, options)
    if not encoded:
        raise ValueError(f"cannot encode {array.shape} {array.dtype} as {suffix}")
    return data.tobytes()


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable; where the system cannot (Windows), the data still are."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _sentence(path: Path, problem: OSError) -> str:
    name, folder = path.name, path.parent
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            f"“{name}” was not written: the disk of the folder {folder} is full. "
            "Free some space or choose another folder."
        )
    if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"“{name}” was not written: the folder {folder} is read-only. "
            "Choose another folder or change its permissions."
        )
    if problem.errno in (errno.ENOENT, errno.ENOTDIR):
        return f"“{name}” was not written: the folder {folder} does not exist. Choose another folder."
    if problem.errno == errno.EISDIR:
        return f"“{name}” was not written: {folder} has a folder of that name. Choose another folder."
    if problem.errno == errno.ENAMETOOLONG:
        return f"“{name}” was not written in {folder}: the name is too long. Choose a shorter one."
    reason = problem.strerror or "unknown reason"
    return f"“{name}” was not written in the folder {folder} ({reason}). Choose another folder."
