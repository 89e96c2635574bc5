"""Words for refusals of these pages."""

ERRORS = {
    "points_factor_shared": "积分在集团各商场通用，抵用比例请由负责所有商场的人调整",
    "points_expiry_shared": "积分在集团各商场通用，有效期请由负责所有商场的人调整",
}
