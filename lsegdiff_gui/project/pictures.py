"""The pictures of a project: where they lie, what they are, how far they have come."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lsegdiff_gui.annotation.findings import UNKNOWN, Findings
from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.places import absolute
from lsegdiff_gui.project.errors import ProjectError
from lsegdiff_gui.project.names import order_of

# SQLite takes at least this many values in one statement.
_AT_ONCE = 500


@dataclass(frozen=True)
class PictureRow:
    """A picture as the list shows it. sha256, width and height are "" and 0 until the file was first read.

    findings: of the draft its mask is made of; the defaults where there is none. spread: that draft's spread score;
    None where there is none. changed, annotator: the last step, ISO 8601 in UTC and who took it; "" before it.
    is_revealed: whether a draft that was kept from the annotator has been seen.
    """

    id: int
    path: Path
    sha256: str
    width: int
    height: int
    status: Status
    has_draft: bool
    is_edited: bool
    note: str
    findings: Findings = UNKNOWN
    spread: float | None = None
    changed: str = ""
    annotator: str = ""
    is_revealed: bool = False


@dataclass(frozen=True)
class Identity:
    """What a picture's file was found to be: its hash, upright size in pixels and stored orientation, 1 to 8."""

    picture_id: int
    sha256: str
    width: int
    height: int
    orientation: int


_COLUMNS = (
    "id, path, sha256, width, height, status, draft IS NOT NULL, painted > 0, note, spread_score, changed, annotator,"
    " revealed IS NOT NULL, presence, strangeness"
)


class Pictures:
    """Reads and writes the table of pictures. Transactions are the caller's; raises sqlite3.Error."""

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        """folder: where the project's file lies."""
        self._connection = connection
        self._folder = folder

    def add(self, paths: Iterable[Path]) -> list[int]:
        """Add what is not there yet and list them all; their ids in the order given, each once."""
        wanted = list(dict.fromkeys(absolute(path) for path in paths))
        known = self._ids(wanted)
        moment = now()
        stored = [stored_path(path, self._folder) for path in wanted if path not in known]
        self._connection.executemany(
            "INSERT INTO pictures (path, name, added) VALUES (?, ?, ?)",
            ((path, order_of(path), moment) for path in stored),
        )
        if stored:
            known = self._ids(wanted)
        ids = [known[path] for path in wanted]
        (last,) = self._connection.execute("SELECT coalesce(max(place), 0) FROM pictures").fetchone()
        self._connection.executemany(
            "UPDATE pictures SET place = ? WHERE id = ? AND place IS NULL", enumerate(ids, last + 1)
        )
        return ids

    def move(self, places: Mapping[int, Path]) -> None:
        """Note where pictures lie now, by their ids; a place that another picture has is left to it."""
        taken = {row.path: row.id for row in self.all()}
        self._connection.executemany(
            "UPDATE pictures SET path = ?, name = ? WHERE id = ?",
            [
                (stored_path(path, self._folder), order_of(str(path)), number)
                for number, path in places.items()
                if taken.get(absolute(path), number) == number
            ],
        )

    def unlist(self) -> None:
        """Take all pictures off the list."""
        self._connection.execute("UPDATE pictures SET place = NULL WHERE place IS NOT NULL")

    def listed(self) -> int:
        """How many pictures are listed."""
        (count,) = self._connection.execute(
            "SELECT count(*) FROM pictures WHERE place IS NOT NULL"
        ).fetchone()
        return int(count)

    def listed_row(self, preferred: int) -> PictureRow | None:
        """The preferred picture if it is listed, else the first of the list; None where it is empty."""
        found = self._connection.execute(
            f"SELECT {_COLUMNS} FROM pictures WHERE place IS NOT NULL ORDER BY id != ?, place LIMIT 1",
            (preferred,),
        ).fetchone()
        return None if found is None else self._row(found)

    def all(self) -> list[PictureRow]:
        """All pictures in the order they were added."""
        return [self._row(values) for values in self._connection.execute(f"SELECT {_COLUMNS} FROM pictures")]

    def some(self, ids: Sequence[int]) -> list[PictureRow]:
        """The rows of these pictures, in this order; those that are not there are left out."""
        found: dict[int, PictureRow] = {}
        for start in range(0, len(ids), _AT_ONCE):
            part = ids[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(part))
            for values in self._connection.execute(
                f"SELECT {_COLUMNS} FROM pictures WHERE id IN ({marks})", part
            ):
                found[values[0]] = self._row(values)
        return [found[number] for number in ids if number in found]

    def one(self, picture_id: int) -> PictureRow:
        """The picture's row. Raises ProjectError if the project has no such picture."""
        found = self._connection.execute(
            f"SELECT {_COLUMNS} FROM pictures WHERE id = ?", (picture_id,)
        ).fetchone()
        if found is None:
            raise ProjectError(f"The project holds no picture number {picture_id}.")
        return self._row(found)

    def identify(self, picture_id: int, sha256: str, width: int, height: int, orientation: int) -> None:
        """Note what the file was found to be. Raises ProjectError if the work was done on another content."""
        row = self.one(picture_id)
        (worked_on,) = self._connection.execute(
            # Labels are the project's: a step that changed them was no work on this content.
            "SELECT EXISTS (SELECT 1 FROM commands WHERE picture = ? AND kind != 'labels')",
            (picture_id,),
        ).fetchone()
        if worked_on and row.sha256 not in ("", sha256):
            raise ProjectError(
                f"The file '{row.path.name}' is not the one this mask was made for: its content has changed. "
                "Where the mask still fits, choose “Keep the mask for the changed file” in the menu Picture; else "
                "bring the earlier file back."
            )
        self._set_identity(Identity(picture_id, sha256, width, height, orientation))

    def accept_content(self, found: Identity) -> None:
        """Note another content of a file that was worked on: somebody says that the mask fits it.

        Raises ProjectError where it has another size.
        """
        row = self.one(found.picture_id)
        if row.width and (row.width, row.height) != (found.width, found.height):
            raise ProjectError(
                f"The file '{row.path.name}' is {found.width} × {found.height} now, and the mask was made for "
                f"{row.width} × {row.height}: it cannot fit. Bring the earlier file back."
            )
        self._set_identity(found)

    def _set_identity(self, found: Identity) -> None:
        self._connection.execute(
            "UPDATE pictures SET sha256 = ?, width = ?, height = ?, orientation = ? WHERE id = ?",
            (found.sha256, found.width, found.height, found.orientation, found.picture_id),
        )

    def identify_new(self, found: Iterable[Identity]) -> None:
        """Note what files were found to be, of those that nothing was known of."""
        self._connection.executemany(
            "UPDATE pictures SET sha256 = ?, width = ?, height = ?, orientation = ? WHERE id = ? AND sha256 = ''",
            ((one.sha256, one.width, one.height, one.orientation, one.picture_id) for one in found),
        )

    def note_labels(self, picture_id: int, labels: Iterable[int]) -> None:
        """Note which labels the final mask has pixels of."""
        self._connection.execute("DELETE FROM labels_in WHERE picture = ?", (picture_id,))
        self._connection.executemany(
            "INSERT INTO labels_in (picture, label) VALUES (?, ?)", ((picture_id, label) for label in labels)
        )

    def note_doubt(self, picture_id: int, score: float) -> None:
        """Note how much of the draft's doubt nobody has looked at yet."""
        self._connection.execute("UPDATE pictures SET spread_score = ? WHERE id = ?", (score, picture_id))

    def _ids(self, paths: Sequence[Path]) -> dict[Path, int]:
        """The ids of those of these paths, absolute ones, that are there."""
        # Earlier versions wrote some from the root that are relative now.
        written = {
            form: path for path in paths for form in (_storable(str(path)), stored_path(path, self._folder))
        }
        forms, found = list(written), dict[Path, int]()
        for start in range(0, len(forms), _AT_ONCE):
            part = forms[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(part))
            for number, form in self._connection.execute(
                f"SELECT id, path FROM pictures WHERE path IN ({marks})", part
            ):
                found[written[form]] = number
        return found

    def _row(self, values: Sequence[Any]) -> PictureRow:
        number, path, sha256, width, height, status, has_draft, is_edited, note, *rest = values
        spread, changed, annotator, is_revealed, *findings = rest
        return PictureRow(
            number,
            place_of(path, self._folder),
            sha256,
            width,
            height,
            Status(status),
            bool(has_draft),
            bool(is_edited),
            note,
            Findings(*findings),
            spread,
            changed,
            annotator,
            bool(is_revealed),
        )


_STEPS_UP = 2
"""A project that lies beside its pictures, or one folder deeper, may move together with them."""


def stored_path(path: Path, folder: Path) -> str | bytes:
    """As a picture's place is written down in a project that lies in `folder`.

    Relative with forward slashes below that folder or close to it, so that both may move together; else from the
    root.
    """
    whole = absolute(path)
    text = str(whole)
    try:
        relative = Path(os.path.relpath(whole, folder))
    except ValueError:  # Windows: on different drives
        pass
    else:
        if relative.parts.count("..") <= _STEPS_UP:
            text = relative.as_posix()
    return _storable(text)


def _storable(text: str) -> str | bytes:
    try:
        text.encode()
    except UnicodeEncodeError:
        return os.fsencode(text)  # a name that is not text: SQLite keeps its bytes
    return text


def place_of(stored: str | bytes, folder: Path) -> Path:
    """Where a picture lies that is written down like this in a project in `folder`: from the root, without dots."""
    path = folder / os.fsdecode(stored)
    return absolute(path) if ".." in path.parts else path


def now() -> str:
    """The present time as it is stored: ISO 8601, UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
