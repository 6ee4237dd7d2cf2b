"""One writer for each project: a lock of the operating system, which ends with the process that holds it."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from lsegdiff_gui.project.errors import ProjectError
from lsegdiff_gui.project.pictures import now

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

SUFFIX = ".lock"
"""Behind the project's name: locking the project itself would get in the way of SQLite's own locks."""

# On Windows what is locked cannot be read by others: a byte far behind the holder's name.
_LOCKED_BYTE = 1 << 30
_LONGEST = 4096  # bytes of a holder's description; more was not written by us


@dataclass(frozen=True)
class Holder:
    """Who works in a project. since: ISO 8601, UTC; annotator: "" without a name."""

    host: str
    process: int
    since: str
    annotator: str = ""

    def __str__(self) -> str:
        who = f"{self.annotator}, " if self.annotator else ""
        here = "this computer" if self.host == platform.node() else f"the computer {self.host}"
        return f"{who}process {self.process} on {here}, since {self.since[:16].replace('T', ' ')} UTC"


class HeldError(ProjectError):
    """Another window works in the project."""

    def __init__(self, project: Path, holder: Holder | None) -> None:
        who = "a window whose name could not be read" if holder is None else str(holder)
        super().__init__(f"The project '{project.name}' is open elsewhere: {who}.")
        self.holder = holder


class NoLockError(ProjectError):
    """The folder cannot hold a lock: it is read-only, or on a network that knows none."""


class ProjectLock:
    """Held until it is released or the process ends, in whatever way. Made by `take`."""

    def __init__(self, project: Path, handle: int) -> None:
        self.project = project
        self._handle = handle

    @classmethod
    def take(cls, project: Path, annotator: str = "") -> ProjectLock:
        """Lock a project, which need not be there yet. Raises HeldError naming the holder, and NoLockError."""
        path = _path_of(project)
        while True:
            try:
                handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
            except OSError as error:
                raise NoLockError(
                    f"The folder {project.parent} cannot be written to ({error.strerror})."
                ) from error
            try:
                _lock(handle)
                # The one who held it may have removed the file between the two lines above.
                if not _is_at(handle, path):
                    os.close(handle)
                    continue
                holder = Holder(platform.node(), os.getpid(), now(), annotator)
                os.truncate(handle, 0)
                os.write(handle, json.dumps(asdict(holder)).encode())
                return cls(project, handle)
            except (BlockingIOError, PermissionError) as error:
                os.close(handle)
                raise HeldError(project, holder_of(project)) from error
            except OSError as error:
                os.close(handle)
                raise NoLockError(
                    f"The folder {project.parent} cannot lock files ({error.strerror}), so that another computer "
                    "could change the project at the same time."
                ) from error

    def release(self) -> None:
        """Let others in."""
        # First the name, as long as nobody else can have it. Windows refuses while it is open: the file stays.
        with contextlib.suppress(OSError):
            _path_of(self.project).unlink()
        os.close(self._handle)


def holder_of(project: Path) -> Holder | None:
    """Who wrote their name into the lock last; None where that cannot be read. Says nothing on whether it is held."""
    try:
        with _path_of(project).open("rb") as file:
            return Holder(**json.loads(file.read(_LONGEST)))
    except (OSError, ValueError, TypeError):
        return None


def _path_of(project: Path) -> Path:
    return project.with_name(project.name + SUFFIX)


def _lock(handle: int) -> None:
    """Lock or raise at once. Raises OSError."""
    if sys.platform == "win32":
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)
    else:
        # Not POSIX's own: those vanish when anybody in the process closes the file.
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _is_at(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except OSError:
        return False
