"""The pages of mall operations and mall finance, below `/console/<mall code>`.

Every page stands at a desk: a signed-in person in one mall (`desk`). Whoever may not work in that mall finds no such
page; what their role cannot do there is neither shown nor accepted. A module per subject; `paging` cuts long lists.
"""
