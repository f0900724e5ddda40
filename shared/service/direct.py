"""The short way to a command: what a route declares, worked out once at the start instead of for each request (ADR 0008).

FastAPI reads a route's declaration anew for each request; that takes longer than deciding and storing. Here the same
declaration becomes a list of calls. It remains the only source: whatever this does not know (files, cookies, generators,
answers of another kind) and every request that does not fit (a missing parameter, a body that is no JSON or breaks
its type) goes FastAPI's way, before anything has been called.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from fastapi import FastAPI, params
from fastapi.datastructures import DefaultPlaceholder
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from pydantic import TypeAdapter, ValidationError
from starlette.convertors import StringConvertor
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.service.problems import ANSWERED, answer

if TYPE_CHECKING:
    from fastapi._compat import ModelField

JSON = "application/json"
_TEXT = (str, str | None)
_PLAIN = (str, int, bool, UUID, date, datetime)
"""What a parameter may be, or may be if it is there: one value, from one place."""


class _GoesTheLongWay(Exception):
    """This declaration, or this request, is for FastAPI."""


@dataclass(frozen=True, slots=True)
class _Given:
    """A parameter that the request gives, in one of its `parts`, under the name `alias`."""

    name: str
    part: str
    alias: str
    field: ModelField
    text: bool
    """Whether any text is right."""

    def of(self, parts: Mapping[str, Any]) -> Any:
        value = parts[self.part].get(self.alias)
        if value is None:
            if self.field.field_info.is_required():
                raise _GoesTheLongWay
            return self.field.default
        if self.text:
            return value
        value, faults = self.field.validate(value)
        if faults:
            raise _GoesTheLongWay
        return value


@dataclass(frozen=True, slots=True)
class _Call:
    """A dependency, or the route's own function: what to call with what, and where its answer goes."""

    call: Callable[..., Awaitable[Any]]
    given: tuple[_Given, ...]
    earlier: tuple[tuple[str, int], ...]
    """Parameters that are answers of earlier calls, by their place."""
    request: str | None
    response: str | None


@dataclass(frozen=True, slots=True)
class Direct:
    """A route as a list of calls, the last of which is its function."""

    route: RouteContext
    calls: tuple[_Call, ...]
    body: tuple[str, TypeAdapter[Any]] | None

    async def given(self, request: Request) -> list[dict[str, Any]]:
        """The parameters of every call, as far as the request gives them. Raises `_GoesTheLongWay`."""
        parts = {"path": request.path_params, "query": request.query_params, "header": request.headers}
        try:
            found = [{one.name: one.of(parts) for one in call.given} for call in self.calls]
            if self.body is not None:
                if request.headers.get("content-type") != JSON:
                    raise _GoesTheLongWay
                name, adapter = self.body
                found[-1][name] = adapter.validator.validate_json(await request.body())
        except ValidationError:
            raise _GoesTheLongWay from None
        except ClientDisconnect:
            raise HTTPException(400) from None
        return found

    async def __call__(self, request: Request, given: Sequence[dict[str, Any]]) -> Response:
        """The answer, or what a dependency or the function raises."""
        told = Response()
        del told.headers["content-length"]
        told.status_code = cast(int, None)  # as FastAPI hands it out: set only by who wants another than the route's
        answers: list[Any] = []
        for call, values in zip(self.calls, given, strict=True):
            for name, place in call.earlier:
                values[name] = answers[place]
            if call.request is not None:
                values[call.request] = request
            if call.response is not None:
                values[call.response] = told
            answers.append(await call.call(**values))
        if isinstance(answers[-1], Response):
            return answers[-1]
        value, faults = self.route.response_field.validate(answers[-1], {}, loc=("response",))
        if faults:
            raise TypeError(f"{self.route.path_format} answered what it does not declare")
        status = told.status_code or self.route.status_code or 200
        response = Response(self.route.response_field.serialize_json(value), status, media_type=JSON)
        response.raw_headers.extend(told.raw_headers)
        return response


class DirectRoutes:
    """Middleware, innermost: answers what it can in the short way and hands on the rest."""

    def __init__(self, app: ASGIApp, *, of: FastAPI) -> None:
        self._app, self._of = app, of
        self._by_shape: dict[tuple[str, int], list[tuple[RouteContext, Direct | None]]] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        direct = self._match(scope) if scope["type"] == "http" and not self._of.dependency_overrides else None
        if direct is None:
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        scope["route"] = direct.route  # what the log line and the metrics name
        try:
            response = await direct(request, await direct.given(request))
        except _GoesTheLongWay:
            await self._app(scope, _again(request, receive), send)
            return
        except ANSWERED as error:
            response = await answer(request, error)
        await response(scope, receive, send)

    def _match(self, scope: Scope) -> Direct | None:
        """The route that FastAPI would choose, if it is one of ours; its path parameters go into the scope."""
        if self._by_shape is None:
            self._by_shape = _by_shape(self._of)
        path = scope["path"]
        for route, direct in self._by_shape.get((scope["method"], path.count("/")), ()):
            if matched := route.path_regex.match(path):
                if direct is not None:
                    scope["path_params"] = matched.groupdict()
                return direct
        return None


def _again(request: Request, receive: Receive) -> Receive:
    """`receive` for who reads the body after us."""
    body: bytes | None = getattr(request, "_body", None)

    async def once() -> Message:
        nonlocal body
        if body is None:
            return await receive()
        message: Message = {"type": "http.request", "body": body, "more_body": False}
        body = None
        return message

    return once


def _by_shape(app: FastAPI) -> dict[tuple[str, int], list[tuple[RouteContext, Direct | None]]]:
    """Routes by method and number of segments, in the order in which FastAPI tries them."""
    made: dict[tuple[str, int], list[tuple[RouteContext, Direct | None]]] = {}
    for route in iter_route_contexts(app.routes):
        direct = direct_of(route)
        for method in route.methods or ():
            made.setdefault((method, (route.path or "").count("/")), []).append((route, direct))
    return made


def direct_of(route: RouteContext) -> Direct | None:
    """The route as calls; None when its declaration says something that is not known here."""
    ordinary = (
        isinstance(route.original_route, APIRoute)
        and route.response_field is not None
        and isinstance(route.response_class, DefaultPlaceholder)
        and not (route.response_model_include or route.response_model_exclude or route.response_model_exclude_unset)
        and not (route.response_model_exclude_defaults or route.response_model_exclude_none)
        and all(isinstance(one, StringConvertor) for one in route.param_convertors.values())
    )
    if not ordinary:
        return None
    calls: list[_Call] = []
    try:
        _add(route.dependant, calls, {}, of_route=True)
        return Direct(route, tuple(calls), _body_of(route))
    except _GoesTheLongWay:
        return None


def _add(dependant: Dependant, calls: list[_Call], places: dict[Any, int], *, of_route: bool = False) -> int:
    """Append what `dependant` needs called first, then itself, each once; answers its place."""
    known = dependant.use_cache and dependant.call in places
    if known:
        return places[dependant.call]
    strange = (
        *dependant.cookie_params, *(() if of_route else dependant.body_params), dependant.websocket_param_name,
        dependant.http_connection_param_name, dependant.background_tasks_param_name,
        dependant.security_scopes_param_name, dependant.own_oauth_scopes, dependant.concurrency,
    )  # fmt: skip
    call = dependant.call
    if any(strange) or not (iscoroutinefunction(call) or iscoroutinefunction(type(call).__call__)):
        raise _GoesTheLongWay
    earlier = [(below.name, _add(below, calls, places)) for below in dependant.dependencies]
    given = [
        _given(part, field)
        for part, fields in (
            ("path", dependant.path_params), ("query", dependant.query_params), ("header", dependant.header_params),
        )
        for field in fields
    ]  # fmt: skip
    named = tuple((name, place) for name, place in earlier if name is not None)
    calls.append(
        _Call(
            cast(Callable[..., Any], call),
            tuple(given),
            named,
            dependant.request_param_name,
            dependant.response_param_name,
        )
    )
    places[call] = len(calls) - 1
    return places[call]


def _given(part: str, field: ModelField) -> _Given:
    kind: Any = field.field_info.annotation
    kind = getattr(kind, "__supertype__", kind)
    if kind not in {*_PLAIN, *(plain | None for plain in _PLAIN)}:
        raise _GoesTheLongWay
    return _Given(field.name, part, field.alias, field, kind in _TEXT and not field.field_info.metadata)


def _body_of(route: RouteContext) -> tuple[str, TypeAdapter[Any]] | None:
    if not route.dependant.body_params:
        return None
    (field, *others) = route.dependant.body_params
    info = field.field_info
    if others or type(info) is not params.Body or info.embed or info.metadata or not info.is_required():
        raise _GoesTheLongWay
    return field.name, TypeAdapter(cast(Any, info.annotation))
