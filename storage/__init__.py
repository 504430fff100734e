"""The only SQL: one SQLite file with numbered migrations."""
