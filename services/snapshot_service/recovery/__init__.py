"""Brings the stored state together again after a volume was lost."""
