"""Rows to domain values and back, one module for each aggregate."""
