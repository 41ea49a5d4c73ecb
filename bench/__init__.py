"""Measuring: ``python -m bench [names]`` prints one JSON line a result."""
