"""`lsegdiff doctor`: what is there, what is missing, what to type."""

import typer

from lsegdiff_gui.cli.checkup import check_up
from lsegdiff_gui.cli.status import ALL_DONE, SOME_FAILED

_MARKS = {"ok": "ok     ", "note": "note   ", "missing": "MISSING"}


def doctor() -> None:
    """Look at what this machine has for LSegDiff; exit 1 when something it needs is missing."""
    findings = check_up()
    for finding in findings:
        typer.echo(f"{_MARKS[finding.state]}  {finding.what}")
        if finding.type_this:
            typer.echo(f"         → {finding.type_this}")
    missing = sum(finding.state == "missing" for finding in findings)
    typer.echo(
        f"{missing} things are missing."
        if missing > 1
        else ["All is there.", "One thing is missing."][missing]
    )
    raise typer.Exit(SOME_FAILED if missing else ALL_DONE)
