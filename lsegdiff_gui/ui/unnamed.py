"""The project behind files that were opened without one: one window at a time, and never a dead end."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from pathlib import Path

from PySide6.QtCore import QLockFile

from lsegdiff_gui import places


@dataclass(frozen=True)
class Claim:
    """An unnamed project that belongs to this process as long as the lock is held."""

    project: Path
    lock: QLockFile

    def release(self) -> None:
        """Leave it to the next window."""
        self.lock.unlock()


def claim() -> Claim:
    """The unnamed project, or a numbered one beside it when another window has that open.

    Two programs that write steps of the same picture would each undo what the other did.
    """
    usual = places.unnamed_project()
    for number in count(1):
        project = usual if number == 1 else usual.with_name(f"{usual.stem}-{number}{usual.suffix}")
        lock = QLockFile(str(project.with_name(f"{project.name}.lock")))
        # Held for days: only the death of the process that holds it makes it stale.
        lock.setStaleLockTime(0)
        if lock.tryLock(0) or lock.error() != QLockFile.LockError.LockFailedError:
            # A folder that cannot be written to is the store's to tell, in its own sentence.
            return Claim(project, lock)
    raise AssertionError("numbers do not end")


def set_aside(project: Path) -> Path:
    """Rename a project that cannot be opened, so that a new one can begin in its place. Raises OSError."""
    for number in count(1):
        kept = project.with_name(f"{project.stem}.set-aside-{number}{project.suffix}")
        if not kept.exists():
            return project.rename(kept)
    raise AssertionError("numbers do not end")
