"""The page: a conversation of quotes beside the article they stand in. Only this package uses Gradio."""
