"""The store behind the ports of the application: SQLAlchemy on SQLite or PostgreSQL."""
