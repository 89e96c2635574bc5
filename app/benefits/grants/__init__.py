"""Triggers and what they grant: joining, finishing a task."""
