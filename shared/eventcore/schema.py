"""The SQL of the event core, in order. Each file explains itself; Alembic runs them as every service's first revision."""

from __future__ import annotations

from importlib import resources

FUNCTIONS = ("011_append.sql", "092_begin_streams.sql", "093_operations.sql")
"""Scripts that declare functions and what those need, each over what stands. A function that is new gets a script of its own here,
with the grants it needs: the others' stand in `090_access.sql`, which runs once."""


def scripts() -> list[tuple[str, str]]:
    """`(file name, SQL text)` of every script, in the order in which they must run."""
    folder = resources.files("shared.eventcore") / "sql"
    return sorted((entry.name, entry.read_text()) for entry in folder.iterdir() if entry.name.endswith(".sql"))


def statements() -> list[str]:
    """The scripts as texts to run one after another; each may hold several statements."""
    return [text for _, text in scripts()]


def functions() -> list[str]:
    """What a revision runs on a database that an older build began, whenever one of `FUNCTIONS` is new or has changed."""
    return [text for name, text in scripts() if name in FUNCTIONS]
