"""The pages of `support`."""
