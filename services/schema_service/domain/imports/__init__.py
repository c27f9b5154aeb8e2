"""What an imported file means: bytes to lines, lines to rows, rows to the data of record events. Pure."""
