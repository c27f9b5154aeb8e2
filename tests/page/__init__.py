"""The web page in a real browser, against the whole embedded stack."""
