"""Who is asking: roles, authorities, and the rule that every route names the roles it is for (deny by default)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar
from uuid import NAMESPACE_URL, uuid5

import structlog
from fastapi import Depends, Header, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from prometheus_client import Counter
from starlette.routing import BaseRoute

from shared.service.problems import Problem, invalid, not_found

ROLES = frozenset(
    {
        "ero-deputy", "registration-officer", "apprentice", "canvasser", "elections-officer", "ro-deputy",
        "postal-team", "count-team", "station", "dem-services", "group-support", "member", "finance-clerk",
        "finance-approver", "correspondence", "auditor", "dpo", "reporting", "operator", "anonymous-officer",
        "identifier-checker",
    }
)  # fmt: skip
"""Every role there is. `anonymous-officer` is given to officers by name (ADR 0015). `group-support:<group>` in a
token is the role `group-support` for that political group only."""

DENIED = Counter("moot_denied_total", "Requests refused because of who asked", ["reason"])
_GSS = re.compile(r"[ENSW]\d{8}")
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Identity:
    """A signed-in member of staff, or another system. `subject` is the provider's and may be a name: it is never logged
    or recorded. `id` is derived from it, stable, and says nothing; it is the `actor` of events and of log lines."""

    subject: str = field(repr=False)
    id: str
    roles: frozenset[str]
    authorities: frozenset[str]
    groups: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    signed_in_at: float | None = None
    """When they proved who they are (`auth_time`), in seconds since 1970; None for another system."""
    signed_in_by: str = ""
    """By which means (`acr`), in the provider's words."""

    def has_any(self, roles: Iterable[str]) -> bool:
        return not self.roles.isdisjoint(roles)


def identity_of(claims: Mapping[str, Any], roles_claim: str, authorities_claim: str) -> Identity:
    """Read an identity from the claims of a verified token. Unknown roles and malformed authorities open nothing."""
    granted = [str(role) for role in _listed(_at(claims, roles_claim))]
    return Identity(
        subject=claims["sub"],
        id=str(uuid5(NAMESPACE_URL, f"{claims['iss']}#{claims['sub']}")),
        roles=frozenset(name for role in granted if (name := role.partition(":")[0]) in ROLES),
        groups=frozenset(group for role in granted if (group := role.partition(":")[2])),
        authorities=frozenset(code for code in _listed(_at(claims, authorities_claim)) if _GSS.fullmatch(str(code))),
        scopes=frozenset(str(claims.get("scope", "")).split()),
        signed_in_at=float(at) if isinstance(at := claims.get("auth_time"), int | float) else None,
        signed_in_by=str(claims.get("acr", "")),
    )


def _at(claims: Mapping[str, Any], path: str) -> Any:
    """A claim by dotted path: Keycloak keeps roles in `realm_access.roles`, Entra ID in `roles`."""
    value: Any = claims
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def deny(reason: str) -> Problem:
    """Deny looks like not-found. The log and the metric know better."""
    DENIED.labels(reason).inc()
    _log.warning("request denied", denial=reason)
    return not_found()


async def signed_in(request: Request) -> Identity:
    """The identity behind the bearer token; 401 without a good one."""
    identity: Identity = await request.app.state.tokens.identify(request.headers.get("authorization"))
    structlog.contextvars.bind_contextvars(actor=identity.id)
    return identity


Officer = Annotated[Identity, Depends(signed_in)]
"""Parameter of a route: who is asking."""


async def authority_of(
    officer: Officer,
    x_authority: Annotated[str | None, Header(description="GSS code; needed when your token opens several")] = None,
) -> str:
    """The council the request is about: `X-Authority`, or the only one the token opens. Another's is not found."""
    if x_authority is None:
        if len(officer.authorities) > 1:
            raise invalid("X-Authority", "required", "Your token opens several authorities; say which one you mean.")
        if not officer.authorities:
            raise deny("no-authority")
        (x_authority,) = officer.authorities
    if x_authority not in officer.authorities:
        raise deny("other-authority")
    structlog.contextvars.bind_contextvars(authority=x_authority)
    return x_authority


Authority = Annotated[str, Depends(authority_of)]
"""Parameter of a route: GSS code of the council it acts for."""


@dataclass(frozen=True)
class RoleRequirement:
    """Lets a request pass when its officer has any of `roles`."""

    roles: frozenset[str]

    async def __call__(self, officer: Officer) -> Identity:
        if not officer.has_any(self.roles):
            raise deny("role")
        return officer


def requires(*roles: str) -> Any:
    """`dependencies=[requires("registration-officer", "ero-deputy")]` of a route or router."""
    unknown = set(roles) - ROLES
    if unknown or not roles:
        raise TypeError(f"not roles of this platform: {sorted(unknown)}" if unknown else "name at least one role")
    return Depends(RoleRequirement(frozenset(roles)))


E = TypeVar("E", bound=Callable[..., Any])


def public(endpoint: E) -> E:
    """Mark a route that anybody may ask without signing in."""
    endpoint.__moothall_public__ = True  # type: ignore[attr-defined]
    return endpoint


class UnguardedRoute(Exception):
    """A route names no role and is not marked public. The application does not start."""


def check_guards(routes: Iterable[BaseRoute]) -> None:
    """Raise `UnguardedRoute` unless every route requires a role or says that it is public."""
    for route in iter_route_contexts(list(routes)):
        if not roles_of(route) and not getattr(route.endpoint, "__moothall_public__", False):
            methods = "/".join(sorted(route.methods or ()))
            raise UnguardedRoute(f"{methods} {route.path} names no role, nor is it public")


def roles_of(route: RouteContext) -> frozenset[str]:
    """The roles that a route is for; none for a public one."""
    if not isinstance(route.original_route, APIRoute):
        return frozenset()
    return frozenset[str]().union(*_roles_named(route.dependant))


def _roles_named(dependant: Dependant) -> Iterator[frozenset[str]]:
    if isinstance(dependant.call, RoleRequirement):
        yield dependant.call.roles
    for below in dependant.dependencies:
        yield from _roles_named(below)
