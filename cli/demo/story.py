"""The story as data, and as it is printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.tree import Tree


@dataclass(frozen=True, slots=True)
class Happened:
    """One event, as its service's audit trail has it. `causation_id`: the event that it followed from, of any service."""

    service: str
    type: str
    what: str
    event_id: str
    stream: str
    version: int
    position: int
    at: str
    causation_id: str

    @classmethod
    def of(cls, service: str, line: dict[str, Any]) -> Happened:
        """From a line of `GET /audit`."""
        return cls(
            service, line["type"], line["what"], line["event_id"], line["stream_id"], line["version"], line["position"],
            line["recorded_at"], line["causation_id"],
        )  # fmt: skip


@dataclass
class Story:
    """What happened: the same that is printed."""

    events: list[Happened] = field(default_factory=list)
    root: str = ""
    """The fact from which the tree of causes grows: the application as it was received."""
    why: list[dict[str, Any]] = field(default_factory=list)
    register_as_at: dict[str, str] = field(default_factory=dict)
    electorate: list[dict[str, Any]] = field(default_factory=list)
    """Of the poll's contests: before her, and after the notice that put her on the register."""
    allowance_pence: int = 0
    letters: list[dict[str, Any]] = field(default_factory=list)
    audit_verified: dict[str, bool] = field(default_factory=dict)
    erased: bool = False

    def as_data(self) -> dict[str, Any]:
        return {**asdict(self), "tree": branch(self.events, self.root), "audit_verified": self.verified()}

    def verified(self) -> bool:
        """Whether the history of every service verifies."""
        return bool(self.audit_verified) and all(self.audit_verified.values())


def branch(events: Iterable[Happened], root: str) -> dict[str, Any]:
    """An event with everything that followed from it, in order of time: `event_id`, `service`, `what`, `follows`."""
    known = {event.event_id: event for event in events}
    followed: dict[str, list[Happened]] = {}
    for event in sorted(known.values(), key=lambda event: event.at):
        followed.setdefault(event.causation_id, []).append(event)

    def grown(event: Happened) -> dict[str, Any]:
        below = [grown(child) for child in followed.get(event.event_id, [])]
        return {"event_id": event.event_id, "service": event.service, "what": event.what, "follows": below}

    return grown(known[root])


def services_of(tree: dict[str, Any]) -> set[str]:
    """The services in which a tree has events."""
    return {tree["service"]}.union(*(services_of(below) for below in tree["follows"]))


COLOURS = {
    "registration": "green", "elections": "cyan", "committees": "magenta", "finance": "yellow", "notifications": "blue",
}  # fmt: skip


class Teller:
    """Tells the story on standard error, so that `--json` has standard output to itself."""

    def __init__(self, quiet: bool) -> None:
        self._screen = Console(stderr=True, quiet=quiet, highlight=False)

    def chapter(self, title: str) -> None:
        self._screen.print(f"\n[bold]{title}[/bold]")

    def line(self, text: str) -> None:
        self._screen.print(f"  {text}")

    def event(self, event: Happened) -> None:
        place = f"{event.stream[:8]}… at {event.position}"
        self._screen.print(f"  [{COLOURS[event.service]}]●[/] {event.what}  [dim]{event.service}, {place}[/dim]")

    def tree(self, tree: dict[str, Any]) -> None:
        """What followed from one fact, across all services."""
        drawn = Tree(self._label(tree), guide_style="dim")

        def grow(under: Tree, follows: list[dict[str, Any]]) -> None:
            for below in follows:
                grow(under.add(self._label(below)), below["follows"])

        grow(drawn, tree["follows"])
        self._screen.print(drawn)

    def _label(self, leaf: dict[str, Any]) -> str:
        return f"[{COLOURS[leaf['service']]}]{leaf['service']}[/] {escape(leaf['what'])}"
