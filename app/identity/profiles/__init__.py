"""What members tell of themselves, bit by bit and because they want to: birthday, where they live or work, household.

Every field can be left out, changed and taken back. The household, which is about children, is kept only under a
consent of its own and goes with it. Whoever switches profiling off stays out of all that is concluded about members.
"""
