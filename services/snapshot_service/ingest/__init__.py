"""Turns messages from Kafka into staged rows, continuously."""
