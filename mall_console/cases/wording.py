"""Words for the queue of cases."""

ERRORS = {"case_of_another_team": "这件待办属于另一个组，只能由该组的同事处理"}
