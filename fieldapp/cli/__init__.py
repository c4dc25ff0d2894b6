"""The command line: thin commands over operations. Every verb of the window is here too."""

from __future__ import annotations

from pathlib import Path

import click

from fieldapp import __version__
from fieldapp.cli.backup import backup, restore
from fieldapp.cli.bundles import bundle
from fieldapp.cli.checking import check
from fieldapp.cli.conflicts import conflicts
from fieldapp.cli.convert import convert
from fieldapp.cli.debug import debug
from fieldapp.cli.gnss import gnss
from fieldapp.cli.headquarters import hq
from fieldapp.cli.hq_changes import hq_changes
from fieldapp.cli.known_point import known_point
from fieldapp.cli.laptops import shift_dates
from fieldapp.cli.lists import lists
from fieldapp.cli.map import map_group
from fieldapp.cli.missed import missed
from fieldapp.cli.nearby import near
from fieldapp.cli.output import Context
from fieldapp.cli.outstanding import outstanding
from fieldapp.cli.records import record_groups
from fieldapp.cli.reports import export, report
from fieldapp.cli.review import review
from fieldapp.cli.settings import settings, systems
from fieldapp.cli.setup import demo, init, join
from fieldapp.cli.watching import watch


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="fieldapp")
@click.option("--workspace", "folder", type=click.Path(path_type=Path, file_okay=False), envvar="FIELDAPP_WORKSPACE",
              help="The workspace's folder (default: the platform's data folder).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def main(click_context: click.Context, folder: Path | None, as_json: bool) -> None:
    """Explosive ordnance finds and cleared plots, from a field laptop to headquarters."""
    click_context.obj = Context(folder=folder, as_json=as_json)


bundle.add_command(watch)
gnss.add_command(known_point)
for command in (init, join, demo, convert, check, hq, shift_dates, bundle, review, conflicts, hq_changes, lists,
                settings, systems, map_group,
                report, missed, near, outstanding, export, gnss, debug, backup, restore, *record_groups()):
    main.add_command(command)
