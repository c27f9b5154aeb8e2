"""One script per figure we claim; each prints a ratio measured in one run."""
