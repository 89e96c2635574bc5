"""The steps of `script/setup` and `script/lock`: each done only when its input changed."""
