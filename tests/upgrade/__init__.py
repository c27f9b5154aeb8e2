"""Data folders of older releases, and whether this release continues with them."""
