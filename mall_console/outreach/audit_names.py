"""What the audit log calls rules of touches and prices of messages: they are one for all malls."""

from mall_console.kit import everywhere

NAMES = {"outreach_policy": everywhere.name_all, "message_prices": everywhere.name_all}
