"""Engines that speak, each in its own child process. Knows no Django."""
