"""Who makes a request, in which community, and what they may do there."""
