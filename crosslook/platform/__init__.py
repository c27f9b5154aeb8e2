"""How every service talks to the outside: settings, log, metrics, clock, Kafka, the log store, ClickHouse, HTTP, auth."""
