"""The pages of mall operations and mall finance, below `/console/<mall code>`.

Every page belongs to a workspace: a signed-in person in one mall (`kit/workspace.py`). Whoever may not work in that
mall finds no such page; what their role cannot do there is neither shown nor accepted. A package per subject.
"""
