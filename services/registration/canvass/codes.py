"""Security codes: two parts, made anew from the service's blind key whenever a letter is printed, so that none is stored.

The reference names the property; the secret proves that the letter was seen. Events keep the reference and a keyed hash of
the secret, from which nobody without the key can find it.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.eventcore.keys import BlindIndex
from shared.events.registration import CanvassPropertyId
from shared.events.values import Authority

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without I, O, 0 and 1, which people confuse: five bits a letter."""
REFERENCE_LETTERS, SECRET_LETTERS = 10, 8


@dataclass(frozen=True, slots=True)
class SecurityCode:
    reference: str
    secret: str

    def __str__(self) -> str:
        return f"{self.reference[:5]}-{self.reference[5:]} {self.secret[:4]}-{self.secret[4:]}"


def code_of(blind: BlindIndex, authority: Authority, place: CanvassPropertyId, issue: int) -> SecurityCode:
    """The code of a property's `issue`, counted from 1: always the same."""
    bits = int.from_bytes(blind.of("canvass-code", f"{place}:{issue}", authority))
    letters = "".join(_LETTERS[bits >> 5 * n & 31] for n in range(REFERENCE_LETTERS + SECRET_LETTERS))
    return SecurityCode(letters[:REFERENCE_LETTERS], letters[REFERENCE_LETTERS:])


def kept(blind: BlindIndex, authority: Authority, place: CanvassPropertyId, issue: int) -> tuple[str, str]:
    """What events keep of a code: its reference, and a digest of its secret."""
    code = code_of(blind, authority, place, issue)
    return code.reference, digest(blind, authority, code)


def digest(blind: BlindIndex, authority: Authority, code: SecurityCode) -> str:
    """What is kept of a secret."""
    return blind.of("canvass-secret", f"{code.reference}:{code.secret}", authority).hex()


def typed(reference: str, secret: str) -> SecurityCode:
    """A code as somebody typed it: case, spaces and hyphens do not matter."""
    return SecurityCode(*("".join(c for c in part.upper() if c.isalnum()) for part in (reference, secret)))
