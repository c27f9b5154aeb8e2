"""The catalog of each tenant and snapshot, its freshness, and the time zones of the engine."""
