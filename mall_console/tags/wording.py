"""Words for the pages of tags; edges alone use them."""

ERRORS = {"tag_rules_shared": "标签阈值由集团各商场共用，请由负责所有商场的同事调整"}
