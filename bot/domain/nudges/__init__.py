"""Which messages are sent on their own, when, and what they are about."""
