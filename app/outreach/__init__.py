"""What the malls say to their members, and what it holds back.

Every message is a row from the moment it is planned. The broker decides at the last moment, under the member's lock,
whether it may go: weekly cap, quiet hours, consent, and whether it is still wanted. What was not sent keeps its reason.
A message is handed to a platform at most once: a worker that dies in between leaves it `unknown`, its touch and its
consent spent. Below: timeline, identity, wechat's templates by name. Above: flows, which compose and send.
"""
