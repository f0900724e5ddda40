"""`moot audit verify|export`: whether the history is still the one that was sealed, without trusting our database."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from aiokafka.errors import KafkaError

from cli import telling
from cli.reach import Reached, answer, contexts, reached
from cli.telling import AnyService, AsJson, OneService
from deploy.local.process import CannotRun
from shared.eventcore.audit import export_bundle
from shared.eventcore.keys import KeyFault
from shared.eventcore.seals import Seal, chain, public_key
from shared.eventcore.tailing import published_seals
from shared.eventcore.verify import NotABundle, Verdict
from shared.eventcore.verify import verify as verify_bundle
from shared.service.settings import WrongSetting

app = typer.Typer(no_args_is_help=True, help="Proof that nobody changed the history.")


@dataclass(frozen=True)
class Audited:
    """The verdict on one store, and the seals whose ranges hold."""

    verdict: Verdict
    held: list[Seal]

    def ranges(self) -> list[dict[str, Any]]:
        """Every sealed range with its verdict, and what comes after the last good one."""
        said: list[dict[str, Any]] = [
            {"after": s.after, "to": s.to, "events": s.count, "sealed_at": s.sealed_at, "verdict": "verified"}
            for s in self.held
        ]
        rest = {"after": self.verdict.sealed_to, "to": None, "events": None, "sealed_at": None}
        if finding := self.verdict.finding:
            said.append({**rest, "verdict": f"{finding.problem} at position {finding.position}"})
        elif self.verdict.unsealed:
            said.append({**rest, "events": self.verdict.unsealed, "verdict": "unsealed"})
        return said

    def as_data(self) -> dict[str, Any]:
        finding = self.verdict.finding
        return {
            **asdict(self.verdict),
            "finding": finding and {**asdict(finding), "says": finding.says},
            "ranges": self.ranges(),
        }


@dataclass(frozen=True)
class Verdicts:
    """On every store that was asked about."""

    stores: list[Audited]

    @property
    def verified(self) -> bool:
        return all(store.verdict.verified for store in self.stores)

    @property
    def sentence(self) -> str:
        return "\n".join(sentence for store in self.stores for sentence in store.verdict.sentences())


@app.command()
def verify(
    service: AnyService = None,
    bundle: Annotated[Path | None, typer.Option(help="Verify this file and nothing else; needs no system.")] = None,
    key: Annotated[list[str] | None, typer.Option(help="The store's public seal key, as you were given it.")] = None,
    witness: Annotated[list[str] | None, typer.Option(help="<number>:<hash> of a seal you noted down earlier.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check every event against the signed seals. Exit code 1 when one store does not verify.

    A store that a service keeps apart (`registration.anonymous`) is checked like the service's own; nothing of it is on Kafka.

    A running system's history is exported and verified as an outsider would, with the seals published on Kafka as
    witnesses when Kafka can be reached, and the public key of the service's key directory.

    JSON: `verified`, and `stores`, each with `store`, `verified`, `finding` (`position`, `problem`, `says`; null when
    all is well), `events`, `sealed_to`, `unsealed`, `seals`, `head`, `key`, `key_given`, `witnessed`, and `ranges`,
    each with `after`, `to`, `events`, `sealed_at` and `verdict`: `verified`, a problem, or `unsealed`.
    """
    if bundle is not None and service is not None:
        raise typer.BadParameter("a bundle is of one service already", param_hint="--service")
    verdicts = answer(_verify(service, bundle, key or [], witness or []))
    if as_json:
        telling.as_json({"verified": verdicts.verified, "stores": [store.as_data() for store in verdicts.stores]})
    else:
        for store in verdicts.stores:
            columns = ("after", "to", "events", "sealed_at", "verdict")
            telling.table(store.verdict.store, columns, [tuple(r.values()) for r in store.ranges()])
        typer.echo(verdicts.sentence)
    raise typer.Exit(0 if verdicts.verified else 1)


def verify_service(context: str) -> Verdicts:
    """`moot audit verify --service` for another command."""
    return answer(_verify(context, None, (), ()))


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="The bundle to write, gzipped JSON lines: registration.jsonl.gz")],
    service: OneService = "registration",
    as_json: AsJson = False,
) -> None:
    """Write the whole history, sealed as it is, for somebody else to verify: `python -m shared.eventcore.verify`.

    JSON: `service`, `file`, `events`, `key` (the public seal key, to be handed over by another way; null without keys).
    """
    told = answer(_export(service, file))
    if as_json:
        telling.as_json(told)
        return
    typer.echo(f"{file} holds {told['events']} events of {service}. Every personal value in it is sealed.")
    if told["key"]:
        typer.echo(f"Hand over the public seal key by another way: {told['key']}")


async def _verify(service: str | None, bundle: Path | None, keys: Sequence[str], witnesses: Sequence[str]) -> Verdicts:
    if bundle is not None:
        return Verdicts([_verified(bundle, keys, witnesses)])
    stores = []
    for context in contexts(service):
        async with reached(context) as store:
            # Before the export: a seal is stored before it is published, so the export holds every one of these.
            seen = [*witnesses, *await _published(store)]
            stores.append(await _verified_now(store, "", keys, seen))
            # A seal that was given or witnessed is of the service's own chain.
            stores += [await _verified_now(store, ring, (), ()) for ring in store.rings]
    return Verdicts(stores)


async def _verified_now(store: Reached, ring: str, keys: Sequence[str], seen: Sequence[str]) -> Audited:
    with tempfile.TemporaryDirectory(prefix="moot-audit-") as folder:
        exported = Path(folder) / "history.jsonl.gz"
        await _write(store, exported, ring)
        return _verified(exported, keys or _own_key(store, ring), seen)


async def _export(context: str, file: Path) -> dict[str, Any]:
    async with reached(context) as store:
        events = await _write(store, file)
        return {"service": context, "file": str(file), "events": events, "key": next(iter(_own_key(store)), None)}


async def _write(store: Reached, file: Path, ring: str = "") -> int:
    if not file.parent.is_dir():
        raise CannotRun(f"There is no folder {file.parent}: make it, or choose another.")
    async with store.connection(ring) as conn:
        return await export_bundle(conn, file, chain(store.context, ring), store.clock())


async def _published(store: Reached) -> list[str]:
    """Heads of the chain as Kafka witnesses them; none when it cannot be reached, which the verdict says."""
    try:
        return [seal.head for seal in await published_seals(store.settings.kafka, store.context)]
    except KafkaError:
        typer.secho("Kafka cannot be reached, so the published seals are no witnesses.", err=True, fg="yellow")
        return []


def _own_key(store: Reached, ring: str = "") -> list[str]:
    """The public seal key of the service's key directory; without one the bundle vouches for itself, and it says so."""
    try:
        return [public_key(store.keyring(ring).seal)]
    except (KeyFault, WrongSetting):
        return []


def _verified(bundle: Path, keys: Sequence[str], witnesses: Sequence[str]) -> Audited:
    held: list[Seal] = []
    try:
        return Audited(verify_bundle(bundle, keys, witnesses, held.append), held)
    except (NotABundle, ValueError) as problem:
        raise CannotRun(f"{bundle} cannot be verified: {problem}.") from None
