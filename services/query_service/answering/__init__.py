"""From a report request to its result: resolve, run on the engine, cache, render as JSON."""
