"""Where the command line starts, and where whatever went wrong becomes a sentence and an exit status."""

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from lsegdiff_gui import __version__
from lsegdiff_gui.cli.bench import bench
from lsegdiff_gui.cli.doctor import doctor
from lsegdiff_gui.cli.evaluate import evaluate
from lsegdiff_gui.cli.export import export_project
from lsegdiff_gui.cli.import_ import import_
from lsegdiff_gui.cli.screen import say, stderr
from lsegdiff_gui.cli.segment import segment
from lsegdiff_gui.cli.status import BAD_ARGUMENTS, INTERRUPTED, SOME_FAILED
from lsegdiff_gui.cli.train import train
from lsegdiff_gui.errors import LSegDiffError

app = typer.Typer(
    name="lsegdiff",
    help="Draft masks of polyps and skin lesions with a latent diffusion model, on this machine.\n\n"
    "For research annotation; not a medical device.\n\n"
    "Exit status: 0 all done, 1 some pictures failed, 2 bad arguments.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (segment, evaluate, train, bench, doctor):
    app.command()(command)
app.command("export")(export_project)
app.command("import")(import_)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"lsegdiff {__version__}")
        raise typer.Exit


@app.callback()
def _options_of_all(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an error; goes with every command.")
    ] = False,
) -> None:
    """Hold the options that every command takes; `main` has already acted on --debug."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status. No traceback reaches the user without --debug."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in words
    words = [word for word in words if word != "--debug"]
    try:
        typer.main.get_command(app)(args=words, prog_name="lsegdiff")
    except KeyboardInterrupt:
        return _say_stopped()
    except SystemExit as end:
        if end.code == INTERRUPTED:
            return _say_stopped()
        return end.code if isinstance(end.code, int) else BAD_ARGUMENTS
    except BrokenPipeError:
        # Whoever read our output (`| head`) has gone; without this the interpreter complains at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return SOME_FAILED
    except LSegDiffError as error:
        if debug:
            raise
        stderr.print(str(error), style="red", markup=False, highlight=False)
        return BAD_ARGUMENTS
    except Exception as error:
        if debug:
            raise
        stderr.print(
            f"lsegdiff stopped over a fault of its own ({type(error).__name__}: {error}). "
            "The same command with --debug shows where; please report it.",
            style="red",
            markup=False,
            highlight=False,
        )
        return SOME_FAILED
    return 0


def _say_stopped() -> int:
    say("Stopped. Every file that was written is whole.")
    return INTERRUPTED
