"""Subscribers as a table (CSV): brought in from elsewhere, taken out with their proof."""
