"""What the service committees is made of."""

from pathlib import Path

from shared.service.service import Service

service = Service(context="committees", title="Committees", home=Path(__file__).parent)
