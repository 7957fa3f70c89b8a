"""Sending what is due: which lanes run, claims, rate limits, leases, retries and outcomes."""
