"""What the areas of a council are called: officers say Gorse Ward where services write E05999001."""

from __future__ import annotations

from collections.abc import Mapping

from desk.asking import Asking, NotThere


class Areas:
    """`areas("E05999001")`: its name, or the code where no boundaries with names were loaded."""

    def __init__(self, named: Mapping[str, Mapping[str, str]]) -> None:
        self._of = named
        self._name = {
            code: f"{code} {name}" if kind == "polling-district" else name  # everybody calls a district by its letters
            for kind, names in named.items()
            for code, name in names.items()
        }

    def __call__(self, code: str | None) -> str:
        return self._name.get(code or "", code or "")

    def of(self, kind: str) -> list[tuple[str, str]]:
        """The areas of a kind (`ward`), by name: codes and names."""
        return sorted(self._of.get(kind, {}).items(), key=lambda area: (area[1], area[0]))


async def council_areas(ask: Asking) -> Areas:
    """The areas of the council that the officer works for."""
    try:
        return Areas(await ask.get("registration", "/areas"))
    except NotThere:  # not for this officer: they read codes
        return Areas({})
