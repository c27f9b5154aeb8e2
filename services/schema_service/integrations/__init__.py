"""Connected integrations: what tenants connect, their secrets, and what vendors post."""
