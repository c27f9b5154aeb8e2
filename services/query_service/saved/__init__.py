"""Saved reports: Looks and dashboards on the reports topic, and their results."""
