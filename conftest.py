"""Makes the real PostgreSQL and the real Kafka broker available to every test that asks for them."""

pytest_plugins = ["shared.eventcore.testing.infrastructure"]
