"""What is run on the repository itself, never by who only uses the program."""
