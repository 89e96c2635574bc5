"""Every kind of message by its code, as the packages export them."""

from collections.abc import Mapping

from app.kernel import discovery
from app.outreach.messages.kinds import MessageKind

KINDS: Mapping[str, MessageKind] = discovery.merged("MESSAGE_KINDS", named="message_kinds", below=["app"])
