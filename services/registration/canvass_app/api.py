"""The files of the visiting officer's web app. Anybody may load them: they hold no data, and ask the API as who signs in."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import FileResponse

from services.registration.canvass_app import HOME
from shared.service.auth import public
from shared.service.problems import not_found

KINDS = {
    ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}  # fmt: skip
FILES = {path.name: path for path in HOME.iterdir() if path.suffix in KINDS}
POLICY = {
    # Nothing from elsewhere, nothing inline: what a name or note holds can never run.
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
router = APIRouter(prefix="/canvass-app", include_in_schema=False)


@router.get("/{name}")
@public
async def app_file(name: str) -> FileResponse:
    """One file of the app."""
    path = FILES.get(name)
    if path is None:
        raise not_found()
    return FileResponse(path, media_type=KINDS[path.suffix], headers=POLICY)
