"""Words for refusals of the lifecycle's pages."""

ERRORS = {
    "lifecycle_rules_shared": "分层规则由集团的各个商场共用，请由负责所有商场的人发布或撤回",
    "stage_targets_shared": "转化目标由集团的各个商场共用，请由负责所有商场的人保存或撤回",
    "lifecycle_rules_not_tried": "试算完成后才能发布",
}
