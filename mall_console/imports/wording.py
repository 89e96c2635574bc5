"""Words for imports: what columns mean and are called elsewhere, why a file cannot be read, what became of its rows."""

ERRORS = {
    "columns_missing": "还有列没有对应：{columns}。请选择文件里的列，或填写固定值",
    "columns_twice": "文件里的「{heading}」不能同时对应 {columns}",
    "file_missing": "请选择要导入的文件",
}

COLUMNS = {
    "stores": {
        "store_code": "门店编号",
        "name": "门店名称",
        "merchant": "商户",
        "category": "业态",
        "floor": "楼层",
    },
    "members": {
        "card_no": "会员卡号",
        "phone": "手机号",
        "name": "姓名",
        "joined_at": "入会时间",
    },
    "purchases": {
        "source": "来源系统",
        "receipt_no": "小票号",
        "store_code": "门店编号",
        "card_no": "会员卡号",
        "occurred_at": "消费时间",
        "amount": "消费金额",
        "refund_of": "原小票号",
        "category_code": "品类",
        "line_no": "行号",
        "till": "收银台",
    },
    "footfall": {
        "door": "大门编号",
        "day": "日期",
        "hour": "时段",
        "visitors": "人数",
    },
    "totals": {
        "source": "来源系统",
        "store_code": "门店编号",
        "till": "收银台",
        "day": "日期",
        "receipt_count": "笔数",
        "amount": "金额",
    },
}
HINTS = {
    "stores.store_code": "与收银系统一致，全集团不重复",
    "stores.merchant": "商户编号或名称，没有的会新建",
    "stores.category": "可写餐饮、服饰、美妆等，也可写业态代码",
    "members.card_no": "原有会员卡号，全集团不重复",
    "members.phone": "已是会员的手机号只补录卡号",
    "members.name": "可为空",
    "members.joined_at": "没有时间按当天零点",
    "purchases.source": "同一来源内小票号不重复；文件里没有就填固定值，例如 old-pos",
    "purchases.store_code": "须是本商场已有的门店",
    "purchases.card_no": "可为空；找不到会员的小票进入待认领",
    "purchases.amount": "退款为负数",
    "purchases.refund_of": "只有退款填写",
    "footfall.door": "与客流系统一致；没有的大门会新建",
    "footfall.day": "可带时间，例如 2026-03-01 10:00",
    "footfall.hour": "10、10:00、10:00-11:00 均可；日期里已有时间就不需要",
    "purchases.till": "可不对应；有收银台时，日结可按收银台核对",
    "totals.source": "与小票的来源系统一致；文件里没有就填固定值，例如 pos（列表中显示为收银系统）",
    "totals.store_code": "须是本商场已有的门店",
    "totals.till": "为空或不对应即为全店合计",
    "totals.day": "营业日",
    "totals.receipt_count": "含退款的小票数",
    "totals.amount": "已减去退款",
    "purchases.category_code": "有品类时，同一小票的多行合为一单",
}
# What other systems call the same, spelled as `layouts.spell` does and without what stands in brackets.
ALSO = {
    name: tuple(words.split())
    for name, words in {
        "store_code": (
            "门店编号 门店编码 门店代码 店铺编号 店铺编码 店号 店铺 门店 柜号 storecode store "
            "shopcode 门店号 铺位号 shopno storeid 店铺代码 机构编码 柜组编码 专柜编码 铺位编号"
        ),
        "merchant": ("商户 商户名称 商户编号 商家 品牌 租户 merchant brand"),
        "category": ("业态 类别 品类 行业 category"),
        "floor": "楼层 层 floor",
        "card_no": (
            "会员卡号 卡号 会员编号 会员号 会员卡 cardno card memberno 会员卡编号 vip卡号 "
            "membercard cardnumber 卡面号 实体卡号 会员代码"
        ),
        "phone": (
            "手机号 手机 手机号码 联系电话 电话 电话号码 移动电话 phone mobile tel 会员手机 会员手机号 "
            "mobilephone phonenumber 会员手机号码 移动电话号码 联系方式"
        ),
        "joined_at": (
            "入会时间 入会日期 注册时间 注册日期 开卡时间 开卡日期 办卡日期 创建时间 joinedat "
            "createdat 加入时间 加入日期 入会日 办卡时间 发卡时间 注册日 发卡日期 registertime "
            "createtime registered 开卡日"
        ),
        "source": "来源 来源系统 系统 source",
        "receipt_no": (
            "小票号 小票编号 单号 订单号 交易号 流水号 销售单号 receiptno orderno receipt 小票单号 票号 "
            "账单号 billno 单据号 单据编号 收银单号 小票流水号 pos单号"
        ),
        "occurred_at": (
            "消费时间 交易时间 销售时间 消费日期 交易日期 销售日期 下单时间 支付时间 时间 日期 "
            "occurredat time date 交易日期时间 下单日期 结账时间 开票时间 tradetime paytime 收银时间 收银日期 "
            "营业日期 业务日期"
        ),
        "amount": (
            "消费金额 金额 实付金额 实收金额 实收 销售金额 交易金额 应付金额 amount amountfen "
            "amountyuan 实付 实付款 成交金额 交易额 销售额 消费额 收款金额 消费总额 实销金额"
        ),
        "refund_of": "原小票号 原单号 退货原单 原订单号 原交易号 refundof 原始单号 原单据号 原销售单号 退货原单号",
        "category_code": "品类 商品品类 类别 品类代码 categorycode 品类编码",
        "line_no": "行号 明细行号 lineno",
        "till": "收银台 收银台号 收银机 收银机号 款台 款台号 机台号 pos机号 终端号 till terminal posno terminalid",
        "receipt_count": "笔数 小票数 小票笔数 交易笔数 订单数 单数 交易数 receiptcount count transactions",
        "door": "大门编号 大门 大门名称 门号 通道 通道编号 出入口 出入口编号 点位 点位编号 入口 door doorcode gate",
        "day": "日期 营业日 营业日期 统计日期 客流日期 统计时间 时间 开始时间 date day time starttime",
        "hour": "时段 小时 统计时段 时间段 hour",
        "visitors": "人数 客流 客流量 进店人数 进场人数 进客流 进入人数 人次 visitors count in",
    }.items()
}
NAME_ALSO = {
    "stores": ("门店名称", "店铺名称", "店名", "名称", "name"),
    "members": ("姓名", "会员姓名", "会员名称", "客户姓名", "名字", "称呼", "name", "membername", "customername"),
}

ENCODINGS = {"utf-8": "UTF-8", "gb18030": "GB18030（简体中文，含 GBK）", "big5": "Big5（繁体中文）"}

_SAVE = "请用 Excel 或 WPS 打开，另存为 XLSX 或「CSV UTF-8」后重新上传"
FILE_PROBLEMS = {
    "workbook": f"这不是可以读取的工作簿。{_SAVE}。",
    "utf16": f"这是 UTF-16 文本（Excel 的「Unicode 文本」）。{_SAVE}。",
    "markup": f"这其实是网页或 XML，只是扩展名像表格。{_SAVE}。",
    "other": f"这不是表格文件。{_SAVE}。",
    "carriage_returns": f"这是旧式 Mac 换行的文本。{_SAVE}。",
    "empty": "文件里没有表头和数据。请在第一行写列名，从第二行起写数据。",
    "no_rows": "文件只有表头，没有数据行。",
    "too_many_rows": "数据超过 {most} 行。请拆成几个文件，或请技术人员用命令行导入。",
    "too_wide": "文件超过 {most} 列。请只保留需要的列后重新上传。",
    "too_large": "文件解压后过大，或内容异常，没有继续读取。请只保留需要的工作表和列后重新上传。",
    "merged": "第 {row} 行起有上下合并的单元格，合并后只有第一行有值。请取消合并，把每一行填完整后重新上传。",
    "formula": "单元格 {cell} 是公式，但文件里没有保存计算结果。请用 Excel 或 WPS 打开，保存后重新上传。",
    "broken": f"文件已损坏，或设有打开密码。{_SAVE}。",
}

# What kinds of rejects are, for the summary; the reason of each row says more.
CAUSES = {
    "encoding": "文字编码无法识别",
    "too_long": "一行过长",
    "quotes": "引号不成对，或格内有换行",
    "columns": "列数与表头不一致",
    "missing": "为空",
    "no_value": "不是实际的值（如 NULL、无）",
    "guard": "带有引号或等号",
    "word": "含有不允许的字符",
    "text": "含有乱码或不可见字符",
    "long": "过长",
    "spreadsheet": "被表格软件改写的数字",
    "fen": "不是以分为单位的整数",
    "yuan": "不是金额",
    "moment": "不是日期时间",
    "moment_order": "年月日顺序不明",
    "moment_serial": "是日期序号",
    "moment_range": "早于 1990 年或晚于现在",
    "phone": "不是手机号",
    "line_no": "行号不对",
    "lines": "小票行数过多",
    "line_differs": "与同一小票其他行不一致",
    "line_apart": "与同一小票其他行时间相差过大",
    "line_twice": "与同一小票其他行重复",
    "line_again": "与同一小票其他行相同而不相邻",
    "line_category": "有的行没有品类",
    "receipt": "同一小票的其他行有误",
    "hour": "不是几时",
    "hour_missing": "没有写几时",
    "hour_twice": "与文件里另一行的人数不一致",
    "visitors": "不是人数",
    "count": "须为整数",
    "total_twice": "与文件里另一行的日结不一致",
    "receipt_conflict": "小票号已登记，内容不同",
    "receipt_of_another": "小票已计入其他会员",
    "store_not_found": "没有这家门店",
    "refunded_receipt_not_found": "找不到要退款的小票",
    "refund_exceeds_purchase": "退款超过小票余额",
    "negative_purchase": "金额为负，没有原小票号",
    "positive_refund": "退款金额不是负数",
    "source": "来源含冒号",
    "own_source": "来源是系统自己在用的名称",
    "no_contract_terms": "当天没有合同条款",
    "book_not_open": "商户没有账簿",
    "card_taken": "卡号属于其他手机号的会员",
    "card_reserved": "卡号与本系统卡号格式相同",
    "phone_taken": "手机号属于其他会员",
    "store_conflict": "门店编号已登记，内容不同",
    "terms_in_closed_period": "合同起始日所在账期已关账",
}
# The column to blame where the cause names none itself.
BLAMED = {
    "store_not_found": "store_code",
    "store_conflict": "store_code",
    "refunded_receipt_not_found": "refund_of",
    "refund_exceeds_purchase": "amount",
    "receipt_conflict": "receipt_no",
    "receipt_of_another": "card_no",
    "no_contract_terms": "occurred_at",
    "card_taken": "card_no",
    "card_reserved": "card_no",
    "phone_taken": "phone",
}
REMARKS = {"refunds": "退款", "free": "零元", "below_zero": "小票内的退货行", "corrected": "更正原有数据"}

EFFECTS = {
    "stores": {"none": "只创建门店和商户", "ledger": "同时为没有合同的商户建立合同条款"},
    "members": {"none": "只登记会员，不补发成长值", "ledger": "同时补发入会成长值"},
    "purchases": {"none": "只记录消费，不计积分和账目", "ledger": "同时计积分、成长值和商户账目"},
    "footfall": {"none": "以文件为准：已有数据的时段会被更正，原数保留在操作记录里"},
    "totals": {"none": "以文件为准：已有的日结会被更正；营业日结束后与小票核对，不一致的转为待办"},
}

EXTRA_HEADINGS = ("原文件行号", "问题列", "原因")
REJECTS_SHEET, NOTES_SHEET = "未导入的行", "已导入但有缺失"
SAMPLES = {
    "stores": "门店示例",
    "members": "会员示例",
    "purchases": "小票示例",
    "footfall": "客流示例",
    "totals": "日结示例",
}
