"""The pages of `brokering`."""
