"""How every service talks to the outside: settings, log, metrics, clock, Kafka, log store, ClickHouse, HTTP, auth."""
