"""The SQLite project: schema, store, command log."""
