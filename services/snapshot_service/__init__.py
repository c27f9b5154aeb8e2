"""Turns the stream of record events into snapshots: ingest all day, one refresh at 05:30."""
