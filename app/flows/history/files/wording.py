"""Why a row of a file was rejected, in words for whoever made the file; edges alone use them."""

from collections.abc import Mapping
from typing import Any

_ROW = {
    "encoding": "这一行的文字编码无法识别（文件应为 UTF-8 或 GB18030）",
    "too_long": "这一行过长",
    "quotes": "引号不成对，或字段内有换行",
    "columns": "列数与表头不一致",
    "unnamed": "没有列名的列里有内容，请补上列名或删去这一列",
    "missing": "{column}不能为空",
    "no_value": "{column}是「{text}」，不是实际的值；请填写真实的值，确实没有请留空或删去这一行",
    "guard": "{column}带有引号或等号，无法确定原值，请去掉后重新导出",
    "word": "{column}只能是 1-64 个可见的英文字符或数字",
    "text": "{column}含有乱码或不可见字符",
    "long": "{column}过长",
    "spreadsheet": "{column}已被表格软件或程序改写（科学计数法、小数点或千分位），请把该列设为文本格式后重新导出",
    "fen": "{column}应为以分为单位的整数",
    "amount_large": "{column}超过上限 {most} 元，请核对金额",
    "yuan": "{column}应为以元为单位的金额，最多两位小数",
    "moment": "{column}不是日期时间（例：2026-03-01 10:30:00）",
    "moment_order": "{column}的年月日顺序无法确定，请把四位年份写在最前（例：2026-03-01）",
    "moment_serial": "{column}是表格软件内部的日期序号，请把该列设为日期格式后重新导出",
    "moment_range": "{column}早于 1990 年或晚于现在",
    "phone": "{column}应为一个 11 位手机号，境外号码请以 + 和国家或地区代码开头",
    "line_no": "{column}应为 1-100000 的整数",
    "lines": "同一小票超过 {most} 行",
    "line_differs": "{column}与同一小票第 {line} 行不一致",
    "line_apart": "{column}比同一小票第 {line} 行晚 1 小时以上",
    "line_twice": "{column}与同一小票第 {line} 行重复",
    "line_again": "{column}的这一行与同一小票第 {line} 行相同而不相邻，无法判断是否重复，请填写行号或删去多余的行",
    "line_category": "{column}为空，而同一小票的其他行有品类",
    "receipt": "同一小票的第 {line} 行有误{where}，整单未导入",
    "hour": "{column}应为 0-23 时（例：10、10:00、10:00-11:00）",
    "hour_missing": "{column}没有写几时；请写成「2026-03-01 10:00」，或另有一列写时段",
    "hour_twice": "{column}与第 {line} 行是同一大门的同一时段，人数却不同",
    "visitors": "{column}应为 0-{most} 的整数",
    "count": "{column}应为 0-{most} 的整数",
    "total_twice": "{column}与第 {line} 行是同一收银台的同一天，笔数或金额却不同",
    "name_no_name": "已导入，但姓名不是真实的姓名，未保留",
    "name_long": "已导入，但姓名超过 64 个字，未保留",
    "name_broken": "已导入，但姓名是乱码或含有控制字符，未保留",
}
_RECEIPT = {
    "negative_purchase": "{amount_fen} 为负的小票必须填写原单号（{refund_of}）",
    "positive_refund": "填写了原单号（{refund_of}）的退款，{amount_fen} 必须为负",
    "source": "{source} 不能含冒号",
    "own_source": "{source} 不能是 claim、photo 或 wechat_circle，系统自己在用",
    "too_large": "小票金额超过 1,000 万元，请核对{amount_fen}",
    "lines_sum": "各行金额之和与小票金额不一致",
    "line_numbers": "同一小票的行号重复",
}
_TEXTS = {
    "receipt_conflict": "该小票号已登记，且内容不同",
    "receipt_of_another": "该小票已计入其他会员",
    "store_not_found": "没有门店编号 {store_code}，请先导入门店",
    "refunded_receipt_not_found": "退款指向的小票 {refund_of} 本身是退款，或属于其他商户",
    "refund_exceeds_purchase": "退款超过小票剩余金额，最多还可退 {left_fen} 分",
    "no_contract_terms": "该商户在 {on} 没有合同条款，请先补录",
    "book_not_open": "该商户在本商场没有账簿，请先补录合同条款",
    "card_taken": "该卡号已属于另一个手机号的会员",
    "card_reserved": "该卡号与本系统发出的卡号格式相同，但不是本系统发出的",
    "phone_taken": "该手机号已属于另一位会员",
    "store_conflict": "该门店编号已登记，且内容不同；修改门店请到管理后台",
    "merchant_of_others": "商户编号 {merchant_code} 属于其他商场；同一公司进驻本商场，请集团用命令导入",
    "terms_in_closed_period": "{effective_from} 所在账期已关账，请选择更晚的合同起始日",
    "terms_invalid": "合同费率或价格超出范围",
}


class _Names(dict[str, str]):
    """What columns are called; those without a name of their own by ours."""

    def __missing__(self, column: str) -> str:
        return column


def before_words(name: str) -> str:
    """A column's name as it stands before Chinese: what ends in Latin letters keeps its distance."""
    return f"{name} " if name and name[-1].isascii() else name


def explain(code: str, facts: Mapping[str, Any], names: Mapping[str, str] | None = None) -> str:
    """The reason in Chinese, by an error's code and facts; `names` are what the reader's columns are called.

    An error without words of its own is named by its code.
    """
    called = _Names(names or {})
    column = facts.get("column", "")
    told = {**facts, "column": before_words(called[column]), "where": f"（{called[column]}）" if column else ""}
    if code == "row_invalid":
        return _ROW[facts["reason"]].format(**told)
    if code == "receipt_invalid":
        return _RECEIPT[facts["reason"]].format_map(called)
    return _TEXTS.get(code, f"无法导入（{code}）").format(**told)
