"""What each `crosslook` command does; `crosslook.cli` only declares them."""
