"""What stands between granian and the application: whole requests in, whole answers out.

granian parses HTTP and moves the bytes; the application works in threads. A thread, and the request slot that it asks
for, is taken only when a request's body is there, and left before the answer travels. So nobody who sends or reads
slowly holds one up. Why so: docs/decisions/0013-whole-requests.md.
"""
