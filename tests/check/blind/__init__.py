"""Drafts that quote interviews, each quotation with the verdict a careful editor gives it."""
