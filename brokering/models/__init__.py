"""Needs for support, and the champions who match them: from a need to a deployment."""
