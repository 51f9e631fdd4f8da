"""Tests of what a draft quotes."""
