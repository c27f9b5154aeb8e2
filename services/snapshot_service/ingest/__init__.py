"""Turns messages from Kafka into staged rows, all day."""
