"""\"Where is my record?\": reads everything that is known of one record (CONTRACTS 4)."""
