"""WeCom: contact ways, customers and tags."""
