"""GET /areas: what the council's wards, districts and other areas are called, as the boundaries in use say."""

from __future__ import annotations

from fastapi import APIRouter, Request

from services.registration.imports.boundaries import KINDS
from services.registration.imports.decider import boundaries, boundaries_id
from services.registration.views.access import REGISTER_READERS
from shared.events.registration import BoundaryKind
from shared.service.auth import Authority

router = APIRouter(tags=["districts"], dependencies=[REGISTER_READERS])


@router.get("/areas")
async def areas(request: Request, authority: Authority) -> dict[BoundaryKind, dict[str, str]]:
    """Name by code, for each kind of area whose boundaries were loaded."""
    found: dict[BoundaryKind, dict[str, str]] = {}
    for kind in KINDS:
        loaded = (await request.app.state.execute.state(boundaries, boundaries_id(authority, kind), authority)).state
        if loaded is not None:
            found[kind] = loaded.areas
    return found
