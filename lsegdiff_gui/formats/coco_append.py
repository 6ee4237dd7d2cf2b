"""Adding to a COCO file: what it holds keeps its numbers, its order, and what this program does not know."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lsegdiff_gui.formats.coco import Category, CocoPicture, category_entry
from lsegdiff_gui.formats.errors import FormatError

MOST_MEGABYTES = 1024
"""A larger file is refused: to be added to, it has to lie in memory as a whole."""

_LISTS = ("images", "annotations", "categories")


@dataclass(frozen=True, slots=True)
class Appended:
    """data: the whole file anew. present: the names of pictures that were in it, and were left as they are."""

    data: dict[str, Any]
    present: tuple[str, ...]


def read_to_append(path: Path) -> dict[str, Any] | None:
    """The data set in a file, None where there is no file.

    Raises:
        FormatError: it is no sound COCO file. It is never written to then.
    """
    try:
        if path.stat().st_size > MOST_MEGABYTES * 1e6:
            raise FormatError(
                f"“{path.name}” is larger than {MOST_MEGABYTES} MB and was left as it is. Choose another folder."
            )
        data = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise FormatError(
            f"“{path}” cannot be read ({problem.strerror or 'unknown reason'}) and was left as it is."
        ) from problem
    except (ValueError, RecursionError) as problem:
        raise _broken(path, "it is no JSON") from problem
    if not isinstance(data, dict):
        raise _broken(path, "it holds no data set")
    for name in _LISTS:
        _check_entries(path, name, data.get(name))
    pictures = {image["id"] for image in data["images"]}
    if not all(annotation.get("image_id") in pictures for annotation in data["annotations"]):
        raise _broken(path, "an annotation belongs to no picture in it")
    if not all(isinstance(image.get("file_name"), str) for image in data["images"]):
        raise _broken(path, "a picture in it has no name")
    return data


def append(
    data: Mapping[str, Any],
    pictures: Sequence[CocoPicture],
    categories: Sequence[Category],
    *,
    replaces: bool,
) -> Appended:
    """Add pictures to the data set of `read_to_append`, which is not changed.

    Categories are the same where their names are; a new one keeps its number if that is free. A picture of a name
    that is there is left as it is, or `replaces` its annotations and keeps the picture's number.
    """
    entries = list(data["categories"])
    numbers = _numbered(entries, categories)
    images = list(data["images"])
    places = {image["file_name"]: place for place, image in enumerate(images)}
    present = [picture.file_name for picture in pictures if picture.file_name in places]
    replaced = {images[places[name]]["id"] for name in present} if replaces else set()
    annotations = [entry for entry in data["annotations"] if entry["image_id"] not in replaced]
    # Numbers that are free again are not given out anew: somebody may have noted them.
    next_image = 1 + max((image["id"] for image in images), default=0)
    next_annotation = 1 + max((entry["id"] for entry in data["annotations"]), default=0)
    for picture in sorted(pictures, key=lambda picture: picture.file_name):
        place = places.get(picture.file_name)
        if place is not None and not replaces:
            continue
        image_id = next_image if place is None else images[place]["id"]
        if place is None:
            images.append(picture.image_entry(image_id))
            next_image += 1
        else:
            images[place] = {**images[place], **picture.image_entry(image_id)}
        renamed = replace(
            picture,
            annotations=tuple(
                replace(each, category_id=numbers[each.category_id]) for each in picture.annotations
            ),
        )
        annotations += renamed.annotation_entries(image_id, next_annotation)
        next_annotation += len(picture.annotations)
    whole = {**data, "categories": entries, "images": images, "annotations": annotations}
    return Appended(whole, () if replaces else tuple(present))


def _numbered(entries: list[dict[str, Any]], categories: Sequence[Category]) -> dict[int, int]:
    """What number each category has in the file; those it lacks are added to `entries`."""
    known = {entry.get("name"): entry["id"] for entry in reversed(entries)}
    used = {entry["id"] for entry in entries}
    numbers = {}
    for category in categories:
        if category.name not in known:
            free = category.id if category.id not in used else max(used) + 1
            known[category.name] = free
            used.add(free)
            entries.append(category_entry(Category(free, category.name)))
        numbers[category.id] = known[category.name]
    return numbers


def _check_entries(path: Path, name: str, entries: object) -> None:
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _broken(path, f"it has no list of {name}")
    numbers = [entry.get("id") for entry in entries]
    if not all(type(number) is int for number in numbers):
        raise _broken(path, f"one of its {name} has no number")
    if len(set(numbers)) < len(numbers):
        raise _broken(path, f"two of its {name} have the same number")


def _broken(path: Path, why: str) -> FormatError:
    return FormatError(
        f"“{path.name}” cannot be added to: {why}. It was left as it is; choose another folder, or replace it."
    )
