"""Makes stored state consistent again after a volume was lost."""
