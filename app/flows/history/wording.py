"""Words for files of a mall's history; edges alone use them."""

ERRORS = {
    "file_invalid": "文件不是所需的表格",
    "row_invalid": "这一行无法读取",
}

CASES = {
    "duplicate_members": {
        "title": "可能是同一位会员",
        "reasons": {"phone_and_card": "导入的同一行里，手机号属于一位会员，会员卡号属于另一位会员。"},
        "ask": "与会员核对：两个手机号是否都是本人的。合并后积分、成长值和未用的券归先入会的一位，可在会员页撤销。",
        "outcomes": {"same_person": "是同一个人，合并", "two_people": "是两个人，保持不变"},
    },
}
