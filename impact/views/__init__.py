"""The pages of `impact`."""
