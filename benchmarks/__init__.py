"""Ours against the naive way, in the same run: `python -m benchmarks [names]`. See README.md beside this file."""
