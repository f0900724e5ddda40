"""The SQL of the event core, in order. Each file explains itself; Alembic runs them as every service's first revision."""

from __future__ import annotations

from importlib import resources


def scripts() -> list[tuple[str, str]]:
    """`(file name, SQL text)` of every script, in the order in which they must run."""
    folder = resources.files("shared.eventcore") / "sql"
    return sorted((entry.name, entry.read_text()) for entry in folder.iterdir() if entry.name.endswith(".sql"))


def statements() -> list[str]:
    """The scripts as texts to run one after another; each may hold several statements."""
    return [text for _, text in scripts()]
