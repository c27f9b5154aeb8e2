"""Builds one snapshot from staged rows, verifies and publishes it, and removes old ones."""
