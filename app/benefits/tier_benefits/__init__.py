"""What a mall gives the members of each tier: versions of rules, and the coupons that follow from them by the calendar.

`benefits` are the versions. `allowances` gives what is due: once for each member, tier and period, by whoever comes
first, the flow in which somebody rises or the nightly job.
"""
