"""On Record beside other ways to search the same texts with the same model: see `__main__` and `protocol`."""
