"""A council's own portal is set up once, by whoever holds the token that the terminal printed."""
