"""The pages of `schools`."""
