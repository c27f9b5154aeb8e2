"""Data folders of older releases, and whether this release goes on with them."""
