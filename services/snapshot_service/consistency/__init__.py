"""Checks that ClickHouse and the topics belong together."""
