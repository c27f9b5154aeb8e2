"""What can be asked: the catalog of each tenant and snapshot, how fresh it is, and the time zones of the engine."""
