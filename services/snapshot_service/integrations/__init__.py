"""Integrations on this side of Kafka: what they know about records, and which references stand for which contact."""
