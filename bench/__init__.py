"""One script for each published figure; each prints a ratio measured in one run."""
