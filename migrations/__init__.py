"""The history of the database: one file per revision under `versions`, with an upgrade and a downgrade."""
