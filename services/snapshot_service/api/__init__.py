"""HTTP: the ops API of CONTRACTS 4 and the bodies that it reads and writes."""
