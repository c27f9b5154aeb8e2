"""History of a vendor: its export, page by page, into an integration."""
