"""Measurements that anyone can run again. Never imported by rag."""
