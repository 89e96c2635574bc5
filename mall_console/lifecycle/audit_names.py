"""What the audit log calls rules of the stages and targets: they are the same for all malls."""

from mall_console.kit import everywhere

NAMES = {"lifecycle_rules": everywhere.name_all, "stage_targets": everywhere.name_all}
