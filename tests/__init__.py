"""The tests: one file a module, each test's docstring its claim."""
