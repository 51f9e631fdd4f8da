"""How the models under rag/models/ were made. Never imported by rag."""
