"""Measurements: accuracy on public suites, speed, memory. Nothing here asserts; tests hold the floors."""
