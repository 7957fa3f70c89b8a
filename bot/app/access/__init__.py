"""Identity and authorization: who makes a request, in which community, and what that person may do there."""
