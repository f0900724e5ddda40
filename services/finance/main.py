"""What the service finance is made of."""

from pathlib import Path

from shared.service.service import Service

service = Service(context="finance", title="Finance", home=Path(__file__).parent)
