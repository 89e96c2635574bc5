"""Words for refusals of these pages."""

ERRORS = {"tier_ladder_shared": "等级体系在集团各商场通用，请由负责所有商场的人调整"}
