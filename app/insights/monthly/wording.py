"""What measures are called and what they mean; edges alone use them."""

from app.insights.monthly.measures import JOIN_RATE, Aim, Unit, code_of
from app.lifecycle.targets.targets import Transition

AIMS = {
    Aim.VISITOR.value: "访客",
    Aim.NEW.value: "新会员",
    Aim.FIRST.value: "已购会员",
    Aim.REPEAT.value: "活跃复购",
    Aim.HIGH.value: "高价值",
    Aim.AT_RISK.value: "有流失风险",
}

# What is worked for in each stage.
PURPOSES = {
    Aim.VISITOR.value: "扫码即入会，留下可触达的方式",
    Aim.NEW.value: "入会 7 到 14 天内有一次有效互动",
    Aim.FIRST.value: "首购后尽快有第二次、换个品类",
    Aim.REPEAT.value: "到店和消费成为习惯",
    Aim.HIGH.value: "留住，并让他们带人来",
    Aim.AT_RISK.value: "找到原因，分别召回",
}

UNITS = {Unit.TIMES.value: "次", Unit.DAYS.value: "天", Unit.KINDS.value: "个", Unit.PEOPLE.value: "位"}

MEASURES = {
    JOIN_RATE: ("扫码入会率", "当月打开入口码的次数里，最终入会的占比。"),
    "profile": (
        "资料完整度",
        "当月入会的会员，喜好、生日、常在附近、家庭四项资料的平均完整度，以统计时为准。",
    ),
    "return_7": ("7 日回访率", "入会满 7 天的会员里，入会次日起 7 天内再次到店或消费的占比。按满 7 天的日期归月。"),
    "interaction_14": (
        "14 日有效互动率",
        "入会满 14 天的会员里，入会次日起 14 天内到店、消费、核销、领券或浏览小程序的占比。",
    ),
    "pack_7": ("新人礼包领取率", "入会满 7 天的会员里，7 天内领取首单专享券的占比。入会礼自动到账，不计在内。"),
    "tasks_14": ("新手任务完成率", "入会满 14 天的会员里，14 天内完成全部三项新手任务的占比。"),
    "second_30": ("30 日二次消费率", "首购满 30 天的会员里，30 天内再次消费的占比。全额退款的消费不算。"),
    "across_30": ("30 日跨品类率", "首购满 30 天的会员里，30 天内在两个及以上品类消费的占比，含首购。"),
    "visits": ("月人均到店天数", "月末处于活跃复购的会员，当月到店或消费的天数，人均。"),
    "purchases": ("月人均消费次数", "月末处于活跃复购的会员，当月消费次数，人均。全额退款的不算。"),
    "categories": ("月人均消费品类", "月末处于活跃复购的会员，当月消费过的品类数，人均。"),
    "benefit_use": ("权益使用率", "月末处于活跃复购的会员里，当月核销过权益且未撤销的占比。"),
    "kept": ("高价值保持率", "上月末的高价值会员里，本月末仍为高价值的占比。"),
    "interval": ("复购间隔", "月末的高价值会员，近一年两次消费日之间平均相隔的天数；只消费过一天的不计。"),
    "invitations": ("月人均邀请入会", "月末的高价值会员，当月通过其邀请首次入会的好友数，人均；与本人为同一人的不计。"),
    "returned": ("月回流率", "上月末有流失风险的会员里，本月末回到成长路径的占比；自然回流与召回暂不区分。"),
    "stayed_30": ("回流 30 日留存", "回流满 30 天的会员里，回流次日起 30 天内再次到店或消费的占比。"),
    "lost": ("流失占比", "月末有流失风险的会员里，已经流失的占比。"),
    code_of(Transition.JOIN): (
        "访客入会",
        "新来的访客里，在期限内入会的占比；扫码当天即入会的也算。按期限届满的日期归月。",
    ),
    code_of(Transition.FIRST): ("新会员首购", "入会后，在期限内首次消费的占比，含入会当天。全额退款的消费不算。"),
    code_of(Transition.REPEAT): (
        "首购后复购",
        "成为已购会员后，在期限内升到活跃复购或更高的占比；从更高层回落的不计。",
    ),
    code_of(Transition.HIGH): ("复购升为高价值", "成为活跃复购后，在期限内升为高价值的占比；从高价值回落的不计。"),
    code_of(Transition.BACK): ("风险会员回流", "落入流失风险后，在期限内回到成长路径的占比。"),
}

# Of what each is, beside its name: several pages tell shares of much the same act over others than these.
BASES = {
    JOIN_RATE: "占打开入口码的次数",
    "profile": "当月入会的会员平均",
    "return_7": "占入会满 7 天的会员",
    "interaction_14": "占入会满 14 天的会员",
    "pack_7": "占入会满 7 天的会员",
    "tasks_14": "占入会满 14 天的会员",
    "second_30": "占首购满 30 天的会员",
    "across_30": "占首购满 30 天的会员",
    "visits": "月末活跃复购会员人均",
    "purchases": "月末活跃复购会员人均",
    "categories": "月末活跃复购会员人均",
    "benefit_use": "占月末活跃复购会员",
    "kept": "占上月末高价值会员",
    "interval": "月末高价值会员平均",
    "invitations": "月末高价值会员人均",
    "returned": "占上月末有流失风险的会员",
    "stayed_30": "占回流满 30 天的会员",
    "lost": "占月末有流失风险的会员",
}

# What is said of who has what a share counts, and of who has not.
SIDES = {
    "kept": ("仍为高价值", "已离开高价值"),
    "returned": ("已回流", "未回流"),
    "lost": ("已流失", "尚未流失"),
}
USUAL_SIDES = ("达成", "未达成")

# What it is called, what it will be, and why there is nothing yet.
NOT_YET = {
    "first_open": ("首次触达打开率", "入会后第一条消息被打开的占比。", "消息打开记录尚未接入"),
    "satisfaction": ("满意度", "首购后 48 小时回访的评分。", "回访问卷尚未上线"),
    "exclusive": ("专属活动参与率", "高价值会员里，当月参加专属活动的占比。", "活动功能尚未上线"),
    "win_back_cost": ("召回成本", "每召回一位会员所花的权益和消息成本。", "召回旅程尚未上线"),
    "given_up": ("不再投入", "确认无法挽回、不再投入成本的会员。", "召回旅程尚未上线"),
}
