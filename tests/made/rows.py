"""Lines of the picture list without a project."""

from pathlib import Path

from lsegdiff_gui.annotation.findings import UNKNOWN, Findings
from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.project.store import PictureRow


def row(
    number: int,
    status: Status = Status.NEW,
    *,
    name: str = "",
    note: str = "",
    findings: Findings = UNKNOWN,
) -> PictureRow:
    """The row of a picture; its number is its id."""
    return PictureRow(
        id=number,
        path=Path("pictures") / (name or f"naevus_{number}.png"),
        sha256="",
        width=0,
        height=0,
        status=status,
        has_draft=status is not Status.NEW,
        is_edited=False,
        note=note,
        findings=findings,
    )
