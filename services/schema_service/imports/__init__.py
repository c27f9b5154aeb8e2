"""Imports of files: reads them as streams, publishes a record event for each row, remembers and undoes imports."""
