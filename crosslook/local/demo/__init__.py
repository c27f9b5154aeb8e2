"""The demonstration: a seeded world of two tenants, loaded through the real intake, asked through the real reports."""
