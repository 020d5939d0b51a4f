"""The forms of visits: planning, the log, the note."""
