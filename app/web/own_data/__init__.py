"""A person's own data for reading: the document of `app/flows/privacy/own_data.py` on paper, in words."""
