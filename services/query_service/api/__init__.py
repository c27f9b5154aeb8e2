"""HTTP: the routes of CONTRACTS 5 and the bodies that they read and write."""
