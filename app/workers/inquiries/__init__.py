"""Answering inquiries (`app.kernel.runs.inquiries`), whatever they ask."""
