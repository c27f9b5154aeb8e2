"""HTTP: the routes of CONTRACTS 2 and the bodies that they read and write."""
