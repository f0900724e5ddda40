"""What the service elections is made of."""

from pathlib import Path

from shared.service.service import Service

service = Service(context="elections", title="Elections", home=Path(__file__).parent)
