"""What the service notifications is made of."""

from pathlib import Path

from shared.service.service import Service

service = Service(context="notifications", title="Notifications", home=Path(__file__).parent)
