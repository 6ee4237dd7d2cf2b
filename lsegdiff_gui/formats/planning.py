"""From the files that somebody chose to the plan of their import: nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lsegdiff_gui.annotation.labels import Labels
from lsegdiff_gui.formats.coco_in import read_coco
from lsegdiff_gui.formats.errors import FormatError
from lsegdiff_gui.formats.found import Entry
from lsegdiff_gui.formats.import_plan import Fit, ImportPlan, PlanLine, proposal
from lsegdiff_gui.formats.json_pieces import Cancelled, kind_of
from lsegdiff_gui.formats.labelme_in import read_labelme
from lsegdiff_gui.formats.matching import KnownPicture, Matcher, files_in, is_mask_name
from lsegdiff_gui.formats.png_in import LABEL_MAP, Colours, read_label_map, read_mask_file
from lsegdiff_gui.imaging.facts import read_facts
from lsegdiff_gui.imaging.kinds import PICTURE_SUFFIXES
from lsegdiff_gui.imaging.picture import ImageError

MOST_PIXELS = 2**28
"""Of a mask: nearly twice what the largest picture has that is opened."""

Progress = Callable[[float, str], bool]
"""Told how far it is, 0 to 1, and which file is read; False ends it."""


def go_on(_share: float, _name: str) -> bool:
    """The progress of somebody who does not want to know."""
    return True


@dataclass(frozen=True)
class Project:
    """What a plan needs to know of a project."""

    pictures: tuple[KnownPicture, ...]
    labels: Labels


def plan(
    paths: Sequence[Path], project: Project, root: Path | None = None, progress: Progress = go_on
) -> ImportPlan:
    """Read what files and folders hold, and say where it would go.

    root: where pictures that the files name are looked for; by default the folder of the first path.

    Raises:
        FormatError: none of the paths holds anything that could be imported.
        Cancelled: progress said so.
    """
    root = root or (paths[0] if paths[0].is_dir() else paths[0].parent)
    matcher = Matcher(project.pictures, root)
    files = _files(paths, matcher)
    if not files:
        raise FormatError(
            f"“{paths[0]}” holds no masks: choose a COCO or labelme file (JSON), masks as pictures, or their folder."
        )
    entries: list[Entry] = []
    refused: list[tuple[Path, str]] = []
    maps: dict[Path, Colours] = {}
    for done, path in enumerate(files):
        share, name = done / len(files), path.name

        def told(part: float, share: float = share, name: str = name) -> bool:
            return progress(0.8 * (share + part / len(files)), name)

        try:
            entries += _read(path, maps, told)
        except Cancelled:
            raise
        except FormatError as problem:
            refused.append((path, str(problem)))
    lines = list(_lines(entries, matcher, progress))
    categories = list(dict.fromkeys(name for line in lines if line.picture for name in line.categories))
    proposed, added = proposal(categories, project.labels)
    return ImportPlan(root, tuple(lines), project.labels, added, proposed, tuple(refused))


def _files(paths: Iterable[Path], matcher: Matcher) -> list[Path]:
    """The files to read: those named, and of a folder its annotations, or else its masks."""
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = files_in(path)
        annotations = [each for each in inside if each.suffix.lower() == ".json"]
        pictures = [
            each
            for each in inside
            if each.suffix.lower() in PICTURE_SUFFIXES and not matcher.is_picture(each)
        ]
        masks = [each for each in pictures if is_mask_name(each)] or pictures
        found += annotations or masks
    return list(dict.fromkeys(found))


def _read(path: Path, maps: dict[Path, Colours], told: Callable[[float], bool]) -> list[Entry]:
    if path.suffix.lower() in PICTURE_SUFFIXES:
        if not told(0.0):
            raise Cancelled("The import was stopped.")
        return [read_mask_file(path, _colours(path.parent, maps))]
    kind = kind_of(path)
    return [read_labelme(path, told)] if kind == "labelme" else read_coco(path, told)


def _colours(folder: Path, maps: dict[Path, Colours]) -> Colours:
    if folder not in maps:
        maps[folder] = read_label_map(folder / LABEL_MAP) or read_label_map(folder.parent / LABEL_MAP)
    return maps[folder]


def _lines(entries: Sequence[Entry], matcher: Matcher, progress: Progress) -> Iterable[PlanLine]:
    """One line for each entry; of two about one picture the first counts."""
    taken: dict[Path, str] = {}
    for number, entry in enumerate(entries):
        if number % 16 == 0 and not progress(0.8 + 0.2 * number / len(entries), entry.name):
            raise Cancelled("The import was stopped.")
        remarks = entry.left_out + entry.remarks
        if entry.attributes.get("confirmed_no_lesion"):
            remarks += (
                "Somebody has confirmed that it shows no lesion: the mask is empty, and to be confirmed here.",
            )
        line = PlanLine(number, entry.source, entry.name, None, None, remarks=remarks)
        if entry.refusal or entry.content is None:
            yield replace(line, refusal=_sentence(entry.refusal))
            continue
        if entry.left_out and not entry.content.categories:
            # An empty mask would say that there is no lesion.
            yield replace(line, refusal=f"Nothing of it can be read. {entry.left_out[0]}", remarks=())
            continue
        try:
            picture = _known(matcher.match(entry))
            if picture.path in taken:
                raise FormatError(f"“{taken[picture.path]}” is for the same picture and is taken.")
        except (FormatError, ImageError) as problem:
            yield replace(line, refusal=_sentence(str(problem)))
            continue
        taken[picture.path] = entry.source.path.name if entry.source.format != "coco" else entry.name
        width, height = (entry.width, entry.height) if entry.width else (picture.width, picture.height)
        if width * height > MOST_PIXELS:
            yield replace(line, refusal=f"It would have {width} × {height} pixels, more than can be opened.")
            continue
        fit = fit_of((width, height), (picture.width, picture.height))
        is_stored = entry.attributes.get("orientation") == "stored"
        if (fit is Fit.TRANSPOSED or is_stored) and picture.is_identified:
            picture = replace(picture, orientation=_orientation(picture.path))
        if is_stored and picture.orientation > 1:
            fit = Fit.TRANSPOSED
        yield replace(
            line,
            picture=picture,
            content=entry.content,
            width=width,
            height=height,
            fit=fit,
            categories=tuple(entry.content.categories),
        )


def fit_of(mask: tuple[int, int], picture: tuple[int, int]) -> Fit:
    """How a mask lies on a picture: width and height of both."""
    if mask == picture:
        return Fit.SAME
    return Fit.TRANSPOSED if mask == picture[::-1] else Fit.RESCALED


def _known(picture: KnownPicture) -> KnownPicture:
    """The picture with its size and orientation. Raises ImageError."""
    if picture.is_identified:
        return picture
    facts = read_facts(picture.path)
    return replace(picture, width=facts.width, height=facts.height, orientation=facts.orientation)


def _orientation(path: Path) -> int:
    try:
        return read_facts(path).orientation
    except ImageError:
        return 1  # it is not there at the moment: its mask can be turned all the same


def _sentence(reason: str) -> str:
    return reason[:1].upper() + reason[1:]
