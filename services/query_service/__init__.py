"""Answers report requests on the current snapshot; keeps Looks and dashboards."""
