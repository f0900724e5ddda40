"""Verify an audit bundle offline: no database of ours, nothing but Python, `cryptography`, this file and two beside it.

    python -m shared.eventcore.verify registration.jsonl.gz --key <public key> --witness <number:hash>

The bundle is JSON lines, gzipped or not: a header, then every event in the order of positions, and after the last event
of its range each seal with the leaves it was made of. Every content hash is computed again from the stored text.

`--key` is the store's public seal key as it was given to you by another way than this bundle; without it the bundle
vouches for itself. `--witness` is the head of the chain noted down earlier (every verification prints it): only with it
can a shortened or wholly re-signed history be seen. Exit code: 0 verified, 1 not, 2 no readable bundle.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import zlib
from base64 import b64decode
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from shared.eventcore.hashing import hash_of_texts
from shared.eventcore.seals import LEAF_RECORD, Leaf, Seal, link_fault, merkle_root, unpack_leaves

FORMAT = "moothall-audit-v1"
HASHED = (
    "type", "stream_id", "version", "shard", "authority", "occurred_at", "recorded_at", "payload", "metadata",
)  # fmt: skip
"""The fields of an exported event that its content hash covers, in that order."""

MEANING = {
    "changed-event": "the event is not the one that was sealed here",
    "changed-hash": "the event is the sealed one, but the content hash stored with it is another",
    "removed-event": "an event that was sealed here is missing",
    "inserted-event": "an event stands here that was not there when the range was sealed",
    "moved-event": "an event stands here that was sealed at another position",
    "out-of-order": "an event stands in the bundle twice, or after a later one",
    "changed-range": "somewhere from here to the end of this seal's range events were changed, and so was the evidence",
    "unknown-key": "the seal of the range that starts here is signed with a key that is not the store's",
    "changed-seal": "the seal of the range that starts here was altered after it was signed",
    "broken-seal-chain": "the seal of the range that starts here does not follow from the one before",
    "forked-seal-chain": "the seals from here on are not those that were witnessed: this history was written again",
    "missing-seal": "the history ends here, but was witnessed to go on",
}


class NotABundle(Exception):
    """The file cannot be read as a bundle; names the line."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The first position at which the history is not what was sealed."""

    position: int
    problem: str

    @property
    def says(self) -> str:
        return MEANING[self.problem]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. `verified` covers positions up to `sealed_to`; the `unsealed` events after it wait for a seal."""

    store: str
    verified: bool
    finding: Finding | None
    events: int
    sealed_to: int
    unsealed: int
    seals: int
    head: str | None
    key: str | None
    key_given: bool
    witnessed: bool

    def sentences(self) -> list[str]:
        if self.finding:
            return [f"{self.store}: NOT verified. First bad position {self.finding.position}: {self.finding.says}."]
        said = [f"{self.store}: verified up to position {self.sealed_to}; {self.events} events, {self.seals} seals."]
        if self.unsealed:
            said.append(f"The last {self.unsealed} events are not sealed yet, so nothing vouches for them.")
        if not self.key_given:
            said.append(f"The seal key came with the bundle itself. Compare it with the store's: {self.key}.")
        if not self.witnessed:
            said.append("No witness was given, so a history cut short or signed anew cannot be ruled out.")
        if self.head:
            said.append(f"Head of the chain, to note down as a witness: {self.head}.")
        return said


@dataclass(frozen=True, slots=True)
class _Event:
    position: int
    computed: bytes
    stored: bytes


def verify(
    bundle: Path,
    keys: Collection[str] = (),
    witnesses: Iterable[str] = (),
    held: Callable[[Seal], None] = lambda seal: None,
) -> Verdict:
    """Read a bundle once, in memory bounded by one seal's range, and stop at the first bad position.

    `keys`: the store's public seal keys (hex) as known to the reader, else those in the bundle are believed.
    `witnesses`: heads of the chain (`<number>:<hash>`) noted down earlier. `held` is told each seal whose range holds.
    Raises `NotABundle`.
    """
    witnessed = _witnessed(witnesses)
    lines = _lines(bundle)
    header = next(lines, {})
    if header.get("bundle") != FORMAT:
        raise NotABundle(f"line 1: the header must say {FORMAT}")
    auditor = _Auditor({key.lower() for key in keys}, witnessed, held)
    finding: Finding | None = None
    for number, line in enumerate(lines, start=2):
        try:
            finding = auditor.event(line["event"]) if "event" in line else auditor.seal(line["seal"], line["leaves"])
        except (KeyError, TypeError, ValueError, OverflowError) as problem:
            raise NotABundle(f"line {number}: {type(problem).__name__} in an event or seal") from None
        if finding:
            break
    finding = finding or auditor.end()
    last = auditor.last
    return Verdict(
        store=str(header.get("store", "")),
        verified=finding is None,
        finding=finding,
        events=auditor.events,
        sealed_to=last.to if last else 0,
        unsealed=len(auditor.open),
        seals=last.number if last else 0,
        head=last.head if last else None,
        key=last.key if last else None,
        key_given=bool(keys),
        witnessed=bool(witnessed),
    )


class _Auditor:
    """Where the reading stands: the last good seal, and the events since."""

    def __init__(self, keys: set[str], witnessed: dict[int, str], held: Callable[[Seal], None]) -> None:
        self.keys = keys
        self.witnessed = witnessed
        self.held = held
        self.last: Seal | None = None
        self.witnessed_to = 0
        self.open: list[_Event] = []
        self.events = 0

    def event(self, row: dict[str, Any]) -> Finding | None:
        event = _Event(int(row["position"]), hash_of_texts(*(row[name] for name in HASHED)), bytes.fromhex(row["hash"]))
        self.events += 1
        reached = self.open[-1].position if self.open else self.last.to if self.last else event.position - 1
        if event.position <= reached:
            return Finding(event.position, "out-of-order")
        self.open.append(event)
        return None

    def seal(self, text: str, leaves: str) -> Finding | None:
        seal = Seal.from_json(text)
        if self.last is None and not self.keys:
            self.keys = {seal.key}
        start = (self.last.to if self.last else 0) + 1
        if fault := link_fault(seal, self.last, self.keys):
            return Finding(start, fault)
        if self.witnessed.get(seal.number, seal.hash) != seal.hash:
            return Finding(self.witnessed_to + 1, "forked-seal-chain")
        within = [event for event in self.open if event.position <= seal.to]
        if finding := _range_finding(seal, within, b64decode(leaves, validate=True)):
            return finding
        self.open = self.open[len(within) :]
        self.last = seal
        if seal.number in self.witnessed:
            self.witnessed_to = seal.to
        self.held(seal)
        return None

    def end(self) -> Finding | None:
        """What only the end of the bundle shows: a history cut short, and changes where nothing is sealed yet."""
        if any(number > (self.last.number if self.last else 0) for number in self.witnessed):
            return Finding((self.last.to if self.last else 0) + 1, "missing-seal")
        return next((Finding(e.position, "changed-event") for e in self.open if e.computed != e.stored), None)


def _range_finding(seal: Seal, events: Sequence[_Event], packed: bytes) -> Finding | None:
    """Compare one range with its seal, whose signature is good. The root decides; the leaves only say where."""
    found = [(event.position, event.computed) for event in events]
    if len(found) == seal.count and merkle_root(found) == seal.root:
        return next((Finding(e.position, "changed-hash") for e in events if e.computed != e.stored), None)
    sealed = unpack_leaves(packed) if len(packed) == seal.count * LEAF_RECORD else []
    if len(sealed) != seal.count or merkle_root(sealed) != seal.root:
        return Finding(seal.after + 1, "changed-range")
    return _first_difference(found, sealed)


def _first_difference(found: Sequence[Leaf], sealed: Sequence[Leaf]) -> Finding | None:
    here, there = dict(found), dict(sealed)
    for position in sorted(here.keys() | there.keys()):
        if position not in here:
            return Finding(position, "removed-event")
        if here[position] != there.get(position):
            if here[position] in there.values():
                return Finding(position, "moved-event")
            return Finding(position, "changed-event" if position in there else "inserted-event")
    return None


def _witnessed(heads: Iterable[str]) -> dict[int, str]:
    witnessed: dict[int, str] = {}
    for head in heads:
        number, _, hash_ = head.partition(":")
        if not number.isdecimal() or len(hash_) != 64:
            raise ValueError("a witness reads <number>:<hash of 64 hexadecimal digits>")
        witnessed[int(number)] = hash_.lower()
    return witnessed


def _lines(bundle: Path) -> Iterator[dict[str, Any]]:
    line_number = 1
    try:
        with open(bundle, "rb") as probe:
            packed = probe.read(2) == b"\x1f\x8b"
        with gzip.open(bundle, "rb") if packed else open(bundle, "rb") as file:
            for line in file:
                value = json.loads(line)
                if not isinstance(value, dict):
                    raise ValueError("not an object")
                yield value
                line_number += 1
    except (OSError, EOFError, zlib.error, ValueError, RecursionError) as problem:
        raise NotABundle(f"line {line_number}: {type(problem).__name__}") from None


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Verify an audit bundle offline.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--key", action="append", default=[], help="the store's public seal key, hexadecimal")
    parser.add_argument("--witness", action="append", default=[], help="<number>:<hash> of a seal noted down earlier")
    parser.add_argument("--json", action="store_true", help="answer as data")
    asked = parser.parse_args(arguments)
    try:
        verdict = verify(asked.bundle, asked.key, asked.witness)
    except (NotABundle, ValueError) as problem:
        print(f"{asked.bundle}: {problem}", file=sys.stderr)
        return 2
    print(json.dumps(asdict(verdict)) if asked.json else "\n".join(verdict.sentences()))
    return 0 if verdict.verified else 1


if __name__ == "__main__":
    sys.exit(main())
