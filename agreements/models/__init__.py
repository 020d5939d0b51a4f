"""What the supported head, the home school's head and the broker agree to, and their consent."""
