"""Integrations: one folder per vendor, with a manifest and pure functions (ARCHITECTURE 4b)."""
