"""Running Crosslook in containers."""
