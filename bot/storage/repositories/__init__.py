"""The ports of the store in SQL, one module for each aggregate."""
