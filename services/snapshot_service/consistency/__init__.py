"""Whether what ClickHouse holds matches what the topics name."""
