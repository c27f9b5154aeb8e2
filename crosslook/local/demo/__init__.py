"""The demonstration: a seeded dataset of two tenants, sent through the real intake and queried in real reports."""
