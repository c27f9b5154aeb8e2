"""What services exchange: ids, events, schemas, records, manifests, topics, problems. Pure values, no I/O."""
