"""What was done to a mask, in words."""

from __future__ import annotations

from datetime import datetime

from lsegdiff_gui.annotation.origin import Deed

_KINDS = {
    "recipe": "Mask settings",
    "base": "Draft",
    "bake": "Bake",
    "import": "Imported mask",
    "bring back": "Earlier state brought back",
    "labels": "Labels",
    "partition": "Cuts and ties",
}
_STATUSES = {
    "new": "New",
    "drafted": "Drafted",
    "in_progress": "In progress",
    "done": "Done",
    "no_lesion": "No lesion",
    "flagged": "Flagged",
    "approved": "Approved",
    "rejected": "Rejected",
}
_WAYS = {"undo": "Undone: ", "redo": "Done again: "}


def words_of(deed: Deed) -> str:
    """What was done: "Brush", "Status: Done", "Undone: Brush"."""
    if deed.what == "status":
        what = "Status" if deed.kind == "undo" else f"Status: {status_words(deed.status)}"
    elif deed.what == "paint" and deed.tool:
        what = deed.tool.replace("_", " ").capitalize()
    else:
        what = _KINDS.get(deed.what, deed.what.capitalize())
    return f"{_WAYS.get(deed.kind, '')}{what}"


def status_words(status: str) -> str:
    """A status as it is shown."""
    return _STATUSES.get(status, status)


def time_words(time: str) -> str:
    """A time of the project, on the clock of this computer, to the minute; of today without the date."""
    try:
        here = datetime.fromisoformat(time).astimezone()
    except ValueError:
        return time
    is_today = here.date() == datetime.now().astimezone().date()
    return f"{here:%H:%M}" if is_today else f"{here:%Y-%m-%d %H:%M}"
