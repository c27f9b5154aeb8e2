"""The web page on one origin: its files, its sessions, and the way from it to the three services."""
