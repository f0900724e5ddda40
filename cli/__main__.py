"""`python -m cli`: the `moot` command inside its environment."""

from __future__ import annotations

import typer

from cli import lifecycle

app = typer.Typer(name="moot", no_args_is_help=True, help="Moothall: electoral and democratic services of a council.")
app.registered_commands += lifecycle.app.registered_commands

if __name__ == "__main__":
    app(prog_name="moot")
