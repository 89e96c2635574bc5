"""What is remembered of who has left: what they had been given and what they owe, without who they were.

The marks of the rows are keyed digests of what they were recognised by, so that whoever comes back is known again for a
time and nobody can read a phone, a WeChat identity or a plate in them. The key (`HUITOU_MEMORY_KEY`) is their own and
stays as long as rows live: under another one nobody is known again.
"""
