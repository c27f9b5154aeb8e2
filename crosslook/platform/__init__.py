"""Adapters that every service uses: settings, log, metrics, clock, Kafka, log store, ClickHouse, HTTP, auth."""
