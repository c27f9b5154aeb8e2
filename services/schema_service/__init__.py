"""Manages custom objects and takes record events over HTTP."""
