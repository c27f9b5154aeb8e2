"""Events that were refused: kept, listed, replayed or discarded."""
