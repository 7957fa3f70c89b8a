"""Fetching a schedule over HTTP, from public addresses only."""
