"""The message that tells a member what became of a receipt they brought."""

from app.outreach.consents.templates import Template
from app.outreach.messages.kinds import Channel, service

RECEIPT_DECIDED = service("receipt_decided", Channel.SUBSCRIBE, template=Template.RECEIPT, waits=True)

MESSAGE_KINDS = {RECEIPT_DECIDED.code: RECEIPT_DECIDED}
