"""What a request may say: days that a council knows, text that can be stored and printed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

Day = Annotated[date, Field(ge=date(1974, 4, 1), le=date(2100, 3, 31))]
"""A day since councils have been what they are."""
Instant = Annotated[AwareDatetime, Field(ge=datetime(1974, 4, 1, tzinfo=UTC), le=datetime(2100, 3, 31, tzinfo=UTC))]
Text = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]*$")]
"""One line, without control characters."""
Prose = Annotated[str, Field(pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
"""Text that may have line breaks."""
Number = Annotated[int, Field(ge=0, lt=2**31, description="public number in the system before this one; 0: a new one")]
