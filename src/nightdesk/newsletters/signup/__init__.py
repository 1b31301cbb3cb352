"""Signing up: the forms on stored pages, what they answer, and the mail that asks to confirm."""
