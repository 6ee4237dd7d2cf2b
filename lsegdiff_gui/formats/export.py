"""Masks of many pictures to files: what the export dialog, `lsegdiff export` and `lsegdiff segment` all do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lsegdiff_gui.annotation.labels import Label, ordered
from lsegdiff_gui.annotation.outgoing import ExportItem, Meaning
from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.formats.coco import Category, CocoPicture, build, write_coco
from lsegdiff_gui.formats.coco_append import append, read_to_append
from lsegdiff_gui.formats.measurements import COLUMNS
from lsegdiff_gui.formats.names import common_files, names_inside, picture_files, plan
from lsegdiff_gui.formats.picture_content import NothingToWrite, PictureContent
from lsegdiff_gui.formats.png import label_map
from lsegdiff_gui.formats.polygons import Loss
from lsegdiff_gui.formats.request import ExportReport, ExportRequest, Format
from lsegdiff_gui.formats.table import csv_bytes
from lsegdiff_gui.imaging.write import make_folder, write_atomically

__all__ = ["ExportItem", "ExportReport", "ExportRequest", "Format", "Meaning", "export", "plan"]


@dataclass
class _Export:
    """One export under way: what it has written, and what it gathers for the files of all pictures."""

    request: ExportRequest
    written: list[Path] = field(default_factory=list)
    failures: list[tuple[Path, str]] = field(default_factory=list)
    left_out: list[tuple[Path, str]] = field(default_factory=list)
    losses: list[tuple[Path, Loss]] = field(default_factory=list)
    labels: dict[int, Label] = field(default_factory=dict)
    coco: list[CocoPicture] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)

    def report(self, *, cancelled: bool = False) -> ExportReport:
        return ExportReport(self.written, self.failures, cancelled, tuple(self.left_out), tuple(self.losses))

    def add(self, item: ExportItem, name: str, files: dict[Format, Path]) -> None:
        """Write the picture's own files, and keep what it adds to those of all. Raises LSegDiffError."""
        content = PictureContent(item, name, self.request)
        coco = [content.coco()] if Format.COCO in self.request.formats else []
        rows = content.rows() if Format.CSV in self.request.formats else []
        missing = ""
        for kind, file in files.items():
            try:
                data = content.encoded(kind)
            except NothingToWrite as nothing:
                missing = nothing.sentence
                continue
            make_folder(file.parent)
            write_atomically(file, data)
            self.written.append(file)
        # Not before its own files are there: annotations of a picture that failed would say that it did not.
        self.coco += coco
        self.rows += rows
        self.labels |= {label.id: label for label in content.meaning.labels}
        if missing:
            self.left_out.append((item.path, missing))
        if content.losses and not (loss := content.losses[-1]).is_none:
            self.losses.append((item.path, loss))

    def write_common(self, kind: Format, file: Path) -> None:
        """Write a file of all pictures, or say why not."""
        try:
            if kind is Format.COCO:
                self._write_coco(file)
            elif kind is Format.CSV:
                rows = ([row.get(column, "") for column in COLUMNS] for row in self.rows)
                write_atomically(file, csv_bytes(COLUMNS, rows))
            else:
                write_atomically(file, label_map(ordered(self.labels.values())))
            self.written.append(file)
        except LSegDiffError as problem:
            self.failures.append((file, str(problem)))

    def _write_coco(self, file: Path) -> None:
        categories = [Category(label.id, label.name) for label in ordered(self.labels.values())]
        present = read_to_append(file) if self.request.append else None
        if present is None:
            write_coco(file, build(self.coco, categories, self.request.licence))
            return
        made = append(present, self.coco, categories, replaces=self.request.replace)
        self.left_out += [
            (Path(name), f"“{name}” is in “{file.name}” already and was left as it is.")
            for name in made.present
        ]
        write_coco(file, made.data)


def export(
    items: Iterable[ExportItem],
    request: ExportRequest,
    progress: Callable[[int, int], None] | None = None,
    is_cancelled: Callable[[], bool] | None = None,
    on_done: Callable[[Path], None] | None = None,
) -> ExportReport:
    """Write the masks of `items`; a picture that fails is reported and the rest is written.

    Files of the same names are replaced: whoever calls this has asked.

    progress: called with (done, of) before the first picture and after each one.
    is_cancelled: asked before each picture. A cancelled export leaves whole files, but none of all pictures.
    on_done: called with each picture that did not fail, after its files were written.

    Raises:
        ImageError: the folder cannot be made.
        FormatError: the COCO file to append to is broken; nothing was written.
    """
    queue = list({item.path: item for item in items}.values())
    common = common_files(request)
    if request.append and Format.COCO in common:
        read_to_append(common[Format.COCO])
    make_folder(request.folder)
    paths = [item.path for item in queue]
    files, names = picture_files(paths, request), names_inside(paths, request)
    made = _Export(request)
    for done, item in enumerate(queue):
        if progress:
            progress(done, len(queue))
        if is_cancelled and is_cancelled():
            return made.report(cancelled=True)
        try:
            made.add(item, names[item.path], files[item.path])
        except LSegDiffError as problem:
            made.failures.append((item.path, str(problem)))
        except MemoryError:
            made.failures.append((item.path, f"“{item.path.name}” does not fit into the memory."))
        else:
            if on_done:
                on_done(item.path)
    if progress:
        progress(len(queue), len(queue))
    if made.labels:
        for kind, file in common.items():
            made.write_common(kind, file)
    return made.report()
