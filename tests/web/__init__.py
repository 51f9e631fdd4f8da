"""Tests of the page: its HTML, its server, and what a reader sees in a browser."""
