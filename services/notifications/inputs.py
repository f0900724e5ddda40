"""What a request may say: text without control characters, days that the law on information knows."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

Text = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]*$")]
"""One line."""
Prose = Annotated[str, Field(pattern=r"^[^\x00-\x09\x0b\x0c\x0e-\x1f\x7f]*$")]
"""Several lines."""
Day = Annotated[date, Field(ge=date(2005, 1, 1), le=date(2100, 12, 31))]
