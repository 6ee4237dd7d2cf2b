"""JSON files of any size, entry by entry: what is read never lies in memory twice, and a thread can do other things.

The standard library reads a whole file in one call, during which no other thread runs: half a minute for a file of
500 MB. Here each entry of a list at the top is read by a call of its own.
"""

from __future__ import annotations

import codecs
import contextlib
import hashlib
import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Literal

from lsegdiff_gui.formats.errors import FormatError

MOST_BYTES = 4 * 2**30
"""Of a file: some ten times what ten thousand pictures with many outlines take."""

LONGEST_ENTRY = 2**26
"""Characters of one entry: run lengths of a picture of 150 megapixels in which every fifth pixel is a border."""

DEEPEST = 60
"""How deep an entry may be nested: no format needs more than six."""

_COCO_KEYS = frozenset({"images", "annotations", "categories"})
_LABELME_KEYS = frozenset({"shapes", "imagePath"})

_CHUNK = 2**20
_BLANK = re.compile(r"[ \t\r\n]*")
# A word at the very end of what was read may go on: only an error before it is one for good.
_UNSURE = 16
# A number has ended where this much behind it is not its own: “1e+” is read as 1 until the next digit comes.
_NUMBER_TAIL = 3

Take = Callable[[str, Any], None]
GoOn = Callable[[float], bool]


class Cancelled(FormatError):
    """The reading was given up because the user wanted so."""


def kind_of(path: Path) -> Literal["coco", "labelme"]:
    """Which format a file is of, by the first of its keys that says so. Raises FormatError where none does."""

    class Found(Exception):
        pass

    kind: list[Literal["coco", "labelme"]] = []

    def take(key: str, _value: Any) -> None:
        if key in _COCO_KEYS or key in _LABELME_KEYS:
            kind.append("coco" if key in _COCO_KEYS else "labelme")
            raise Found

    with contextlib.suppress(Found):
        read_pieces(path, take)
    if not kind:
        raise FormatError(f"“{path.name}” is neither a COCO file nor one of labelme. Choose another file.")
    return kind[0]


def read_pieces(path: Path, take: Take, go_on: GoOn = lambda _share: True) -> str:
    """Read the object in a file, key by key: the SHA-256 of its bytes.

    take: called with a key and its value; where that is a list, with the key and each of its entries, [] for none.
    go_on: asked now and then, with the share that is read; False ends the reading.

    Raises:
        FormatError: the file cannot be read, is too large, no object of JSON in UTF-8, or nested too deeply.
        Cancelled: go_on said so.
    """
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise FormatError(f"“{path.name}” is not a file. Choose a file of annotations.")
        if size > MOST_BYTES:
            raise FormatError(
                f"“{path.name}” is a file of {size / 1e9:.1f} GB and at most {MOST_BYTES / 1e9:.0f} GB can be read. "
                "Export it in parts."
            )
        with path.open("rb") as file:
            window = _Window(file, path.name, lambda done: go_on(done / max(size, 1)))
            _object(window, take)
            return window.digest()
    except OSError as problem:
        raise FormatError(f"“{path}” cannot be read: {problem.strerror or 'unknown reason'}.") from problem
    except MemoryError as problem:
        raise FormatError(f"“{path.name}” does not fit into the memory. Close other programs.") from problem


def _object(window: _Window, take: Take) -> None:
    window.expect("{")
    if window.peek() == "}":
        window.expect("}")
    else:
        while True:
            key = window.value()
            if not isinstance(key, str):
                raise window.broken()
            window.expect(":")
            if window.peek() == "[":
                _list(window, partial(take, key))
            else:
                take(key, window.value())
            if window.expect(",}") == "}":
                break
    if window.peek():
        raise window.broken()


def _list(window: _Window, take: Callable[[Any], None]) -> None:
    window.expect("[")
    if window.peek() == "]":
        window.expect("]")
        take([])
        return
    while True:
        take(window.value())
        if window.expect(",]") == "]":
            return


class _Window:
    """The part of a file that is being read. All raise FormatError where the text is not JSON, or Cancelled."""

    def __init__(self, file: BinaryIO, name: str, go_on: Callable[[int], bool]) -> None:
        self._file = file
        self._name = name
        self._go_on = go_on
        self._text = ""
        self._at = 0
        self._before = 0
        self._read = 0
        self._has_ended = False
        self._digest = hashlib.sha256()
        # A mark of the encoding at the start is left out.
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._scan = json.JSONDecoder().raw_decode

    def digest(self) -> str:
        """SHA-256 of all that was read."""
        return self._digest.hexdigest()

    def peek(self) -> str:
        """The next character that is not blank, "" at the end of the file."""
        while True:
            match = _BLANK.match(self._text, self._at)
            assert match is not None
            self._at = match.end()
            if self._at < len(self._text):
                return self._text[self._at]
            if self._has_ended:
                return ""
            self._more(_CHUNK)

    def expect(self, characters: str) -> str:
        """Step over the next character, which must be one of these."""
        found = self.peek()
        if not found or found not in characters:
            raise self.broken()
        self._at += 1
        return found

    def value(self) -> Any:
        """Step over the next value, and return it."""
        self.peek()
        while True:
            try:
                value, end = self._scan(self._text, self._at)
            except json.JSONDecodeError as problem:
                is_whole = problem.pos < len(self._text) - _UNSURE and "Unterminated" not in problem.msg
                if is_whole or self._has_ended:
                    raise self.broken(problem.pos) from problem
            except RecursionError as problem:
                raise self._too_deep() from problem
            except ValueError as problem:  # a number of thousands of digits
                raise self.broken() from problem
            else:
                goes_on = _NUMBER_TAIL if isinstance(value, int | float) else 1
                if end + goes_on <= len(self._text) or self._has_ended:
                    self._at = end
                    if _depth(value) > DEEPEST:
                        raise self._too_deep()
                    return value
            if len(self._text) - self._at > LONGEST_ENTRY:
                raise FormatError(
                    f"“{self._name}” has an entry of more than {LONGEST_ENTRY / 1e6:.0f} million characters. "
                    "Is it damaged? Export it again from its source."
                )
            self._more(max(_CHUNK, len(self._text) - self._at))

    def broken(self, at: int | None = None) -> FormatError:
        """The error for what is not JSON."""
        place = self._before + (self._at if at is None else at)
        end = "it ends too early" if self._has_ended and place >= self._before + len(self._text) else ""
        return FormatError(
            f"“{self._name}” is not a file of annotations in JSON: "
            f"{end or f'it is broken at character {place + 1:,}'}. Export it again from its source."
        )

    def _too_deep(self) -> FormatError:
        return FormatError(f"“{self._name}” is nested too deeply to be a file of annotations.")

    def _more(self, size: int) -> None:
        raw = self._file.read(size)
        self._read += len(raw)
        self._digest.update(raw)
        self._has_ended = len(raw) < size
        if not self._go_on(self._read):
            raise Cancelled(f"Reading “{self._name}” was stopped.")
        try:
            text = self._decode(raw, self._has_ended)
        except UnicodeDecodeError as problem:
            raise FormatError(f"“{self._name}” is not a text in UTF-8. Save it as one.") from problem
        self._before += self._at
        self._text = self._text[self._at :] + text
        self._at = 0


def _depth(value: Any) -> int:
    """How deeply lists and objects are nested; a list that begins with a number is not looked into."""
    depth = 0
    level = [value]
    while level:
        inner: list[Any] = []
        for each in level:
            if isinstance(each, dict):
                inner.extend(part for part in each.values() if isinstance(part, dict | list))
            elif isinstance(each, list) and each and not isinstance(each[0], int | float):
                inner.extend(part for part in each if isinstance(part, dict | list))
        level = inner
        depth += 1
        if depth > DEEPEST:
            break
    return depth
