"""Signatures of anonymous electors who vote by post, and of their proxies, in the closed schema (ADR 0015)."""

from services.registration.anonymous.store import signature_images
from shared.service.migrate import run_scripts

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    run_scripts([";\n".join(signature_images())])
