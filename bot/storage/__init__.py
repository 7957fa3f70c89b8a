"""The stores behind the application's ports: SQL (SQLite, PostgreSQL) and memory."""
