"""Whether a `moot` command line, as a page or a manifest has it, is one that this build understands."""

from __future__ import annotations

import click
import typer

from cli.__main__ import app


def problem_with(words: list[str]) -> str:
    """Why `moot <words>` would not be understood; empty when it would. Values are not judged, names are."""
    command = typer.main.get_command(app)
    context = click.Context(command, info_name="moot")  # type: ignore[arg-type]
    rest = list(words)
    while hasattr(command, "list_commands"):
        if not rest:
            return f"`moot {' '.join(words)}` names a group and no command"
        name = rest.pop(0)
        if name not in command.list_commands(context):
            return f"there is no `{name}` in `moot {' '.join(words)}`"
        command = command.get_command(context, name)
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)} | {
        "--help"
    }
    unknown = [word for word in rest if word.startswith("--") and word.partition("=")[0] not in known]
    return f"`moot {' '.join(words)}` has no {unknown[0]}" if unknown else ""
