"""The home page: for each role what is theirs, what is due, and what waits for them."""
