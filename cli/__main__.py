"""`python -m cli`: the `moot` command inside its environment."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from cli import lifecycle

NOUNS = (
    "streams",
    "events",
    "views",
    "parked",
    "relay",
    "audit",
    "schemas",
    "keys",
    "import",
    "campaigns",
    "statistics",
    "supplies",
    "rehearse",
)
"""`moot <noun> <verb>` stands in the module of that name."""
MODULES = {"import": "imports", "rehearse": "rehearse.commands"}
"""Where Python keeps the noun for itself, or a package stands for it."""
VERBS = {
    "demo": "demo", "demo-council": "council", "report": "report", "bench": "bench", "backup": "backup", "restore": "restore",
    "faults": "faults", "duplicates": "duplicates",
}  # fmt: skip
"""Commands of one word that need a service's code, and the module each stands in."""


class Commands(TyperGroup):
    """Imports the module of a command when it is named: `moot status` need not wait for the event core to load.

    Typer keeps the classes of these signatures to itself, hence `Any`.
    """

    def list_commands(self, ctx: Any) -> list[str]:
        return [*super().list_commands(ctx), *NOUNS, *VERBS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name in NOUNS:
            group = typer.main.get_group(import_module(f"cli.{MODULES.get(cmd_name, cmd_name)}").app)
            group.name = cmd_name
            return group
        if cmd_name in VERBS:
            command = typer.main.get_command(import_module(f"cli.{VERBS[cmd_name]}").app)
            command.name = cmd_name
            return command
        return super().get_command(ctx, cmd_name)


app = typer.Typer(
    name="moot",
    cls=Commands,
    no_args_is_help=True,
    help="Moothall: electoral and democratic services of a council.",
    pretty_exceptions_show_locals=False,
)
app.registered_commands += lifecycle.app.registered_commands

if __name__ == "__main__":
    app(prog_name="moot")
