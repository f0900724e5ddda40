"""What a request may say: days, years and sums of a size that a council knows, and text without control characters."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Path
from pydantic import Field

Day = Annotated[date, Field(ge=date(1974, 4, 1), le=date(2100, 3, 31))]
"""A day since councils have been what they are."""
Year = Annotated[int, Path(ge=1974, le=2099, description="the calendar year in which the financial year begins")]
Month = Annotated[int, Path(ge=1, le=12, description="1 is April, 12 March")]
Period = Annotated[
    str, Path(pattern=r"^(19[7-9][0-9]|20[0-9]{2})-(0[1-9]|1[0-2])$", description="an accounting period, yyyy-mm")
]
Pence = Annotated[int, Field(ge=-(10**11), le=10**11)]
Text = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]*$")]
