"""The one kit of all lists: a subject declares its list, the kit narrows, sorts, counts, pages, shows and exports it.

    RECEIPTS = Listing(name="purchases", columns=(…), filters=(…), sorts=(…), read=…)

    @blueprint.get("")
    @mall_required("purchase.view")
    def page(workspace): return views.page(RECEIPTS, workspace, "purchases")

and in the template `{{ listing(listed) }}` from `console/_listing.html`. What somebody asked for stands in the address.
"""
