"""What people do: see each module."""
