"""What the law asks at each field, or whose practice it is where no law speaks. A key is `<room>/<field>`: a room that gets a field
adds its help to the module of its subject."""

from __future__ import annotations

from typing import Final

from desk.help import committees, elections, finance, office, register, registration
from desk.help.sources import Help

__all__ = ["HELP", "Help"]

HELP: Final[dict[str, Help]] = {
    **registration.HELP, **register.HELP, **committees.HELP, **finance.HELP, **elections.HELP, **office.HELP,
}  # fmt: skip
