"""A compacted topic as a small database: one writer, many readers."""
