"""Tests of citations, links and selectors."""
