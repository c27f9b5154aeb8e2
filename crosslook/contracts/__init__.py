"""What crosses a service border: ids, events, schemas, records, manifests, topics, problems. Pure values, no I/O."""
