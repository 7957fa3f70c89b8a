"""The database's history: one revision a file under `versions`, up and down."""
