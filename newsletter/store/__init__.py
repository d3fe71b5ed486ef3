"""What is remembered: SQLAlchemy Core on SQLite or PostgreSQL, one file of queries per noun. Nothing here decides."""
