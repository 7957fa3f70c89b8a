"""The history of the database: one revision a file under `versions`, with an upgrade and a downgrade."""
