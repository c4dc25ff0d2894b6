"""How commands speak: one JSON document on standard output, or lines for people; progress on standard error.

Exit codes: 0 done, 1 something the operator can act on, 2 usage, 3 a bug.
"""

from __future__ import annotations

import functools
import json
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import click
import platformdirs
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from fieldapp.errors import OperatorError
from fieldapp.operations.workspace import Workspace, open_workspace
from fieldapp.texts import LANGUAGES, N_, Texts

DONE, OPERATOR, USAGE, BUG = 0, 1, 2, 3
WAIT_SECONDS = 120
"""Commands that take bundles in wait this long for their turn."""


def _unwatched(_step: str, _done: int, _total: int) -> None:
    """Nobody watches: progress is not shown."""


def place_as_typed(ws: Workspace, typed: str | None) -> str | None:
    """The code of a place that was named as people write it, in any language; what names none stays as typed."""
    known = ws.lists.find_place(typed) if typed else None
    return known.code if known is not None else typed


F = TypeVar("F", bound=Callable[..., Any])


@dataclass
class Context:
    """What every command is given: where, in which language, and how to print."""

    folder: Path | None = None
    as_json: bool = False
    language: str | None = None
    said: list[str] = field(default_factory=list)

    @property
    def texts(self) -> Texts:
        """The catalogue of the language asked for."""
        return Texts(self.language or "en")

    def workspace_folder(self) -> Path:
        """The workspace's folder: as named, else the platform's data folder."""
        return self.folder or Path(platformdirs.user_data_dir("fieldapp", appauthor=False)) / "workspace"

    @contextmanager
    def workspace(self, wait_seconds: float = 0) -> Iterator[Workspace]:
        """Open the workspace for one command; its language is used where none was asked for.

        Waits at most so long for another program that has it open, and says on standard error that it does.
        """

        def waiting(program: str) -> None:
            said = self.texts(N_("Waiting for {program}, {seconds} s at most ..."), program=program,
                              seconds=round(wait_seconds))  # fmt: skip
            click.echo(said, err=True)

        with open_workspace(self.workspace_folder(), wait_seconds=wait_seconds, on_wait=waiting) as ws:
            self.language = self.language or ws.language
            yield ws

    def document(self, value: Any, *lines: str) -> None:
        """Print ``value`` as the one JSON document, or ``lines`` for people."""
        if self.as_json:
            click.echo(json.dumps(value, ensure_ascii=False, indent=1))
        else:
            for line in lines:
                click.echo(line)

    @contextmanager
    def progress(self) -> Iterator[Callable[[str, int, int], None]]:
        """A progress bar on standard error, only where a person watches."""
        if not sys.stderr.isatty():
            yield _unwatched
            return
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"),
                   TimeRemainingColumn())
        with Progress(*columns, transient=True) as bar:
            task = bar.add_task("", total=None)
            yield lambda step, done, total: bar.update(task, description=step, completed=done, total=total)


def wait_option(function: F) -> F:
    """Give a command ``--wait``: several imports may be started at once and take their turns."""
    return click.option(
        "--wait", "wait_seconds", type=click.FloatRange(0, 86_400), default=WAIT_SECONDS, show_default=True,
        help="Seconds to wait while another program has the workspace open.",
    )(function)


def shared_options(function: F) -> F:
    """Give a command ``--json`` and ``--lang`` and turn errors into sentences and exit codes."""

    @click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
    @click.option("--lang", "language", type=click.Choice(LANGUAGES), help="Language of sentences.")
    @click.pass_obj
    @functools.wraps(function)
    def wrapped(context: Context, /, *args: Any, as_json: bool, language: str | None, **options: Any) -> None:
        context.as_json = context.as_json or as_json
        context.language = language or context.language
        code = _run(context, lambda: function(context, *args, **options))
        if code:
            raise SystemExit(code)

    return wrapped  # type: ignore[return-value]  # the wrapper has the options click passes on


def _run(context: Context, body: Callable[[], int | None]) -> int:
    try:
        return body() or DONE
    except OperatorError as error:
        print_error(context, error)
        return OPERATOR
    except (click.ClickException, SystemExit, KeyboardInterrupt):
        raise
    except Exception:  # noqa: BLE001 - a bug ends the command with its own exit code, never with a sentence
        traceback.print_exc()
        return BUG


def print_error(context: Context, error: OperatorError) -> None:
    """Print what happened, what was kept and what to do."""
    if context.as_json:
        click.echo(json.dumps(error_document(error, context.texts), ensure_ascii=False, indent=1))
    else:
        click.echo(error.sentence(context.texts), err=True)


def error_document(error: OperatorError, texts: Texts) -> dict[str, dict[str, str]]:
    """An error as ``--json`` prints it."""
    what, kept, do = error.parts(texts)
    return {"error": {"code": error.code, "message": what, "kept": kept, "do": do}}


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Aligned lines of a small table."""
    widths = [max(len(str(row[i])) for row in (heads, *rows)) for i in range(len(heads))]
    return ["  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in (heads, *rows)]
