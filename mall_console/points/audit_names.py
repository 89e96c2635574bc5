"""What the audit log calls settings of points that are the same for all malls."""

from mall_console.kit import everywhere

NAMES = {"points_factor": everywhere.name_all, "points_expiry": everywhere.name_all}
