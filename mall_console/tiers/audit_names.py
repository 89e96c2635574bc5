"""What the audit log calls the ladder, which is the same for all malls."""

from mall_console.kit import everywhere

NAMES = {"tier_ladder": everywhere.name_all, "growth_rules": everywhere.name_all}
