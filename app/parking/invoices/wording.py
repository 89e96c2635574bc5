"""Words for invoices; edges alone use them."""

ERRORS = {
    "invoice_title_invalid": "发票抬头为 2 至 {most} 个字，请核对",
    "invoice_tax_no_invalid": "税号不正确：请填写营业执照上的 18 位统一社会信用代码",
    "invoice_email_invalid": "邮箱格式不正确，请核对",
    "invoice_nothing_paid": "这笔停车费没有微信支付的金额，券和积分抵扣的部分不开发票",
    "invoice_asked": "这笔停车费已经申请过发票",
}

TITLE_KINDS = {"person": "个人", "company": "企业"}

STATUSES = {"asked": "已提交", "issued": "已开具", "refused": "未能开具"}

# Why not, as the member reads it.
REFUSALS = {
    "title_wrong": "抬头与税号对不上，请核对后重新提交",
    "email_bounced": "邮件被退回，请换一个邮箱重新提交",
    "issued_at_gate": "这笔停车费在停车场已开过发票，不能重复开具",
}

CASES = {
    "invoice_wished": {
        "title": "会员申请停车发票",
        "reasons": {
            "person": "会员为 ¥{amount_yuan} 停车费申请个人抬头的电子发票。",
            "company": "会员为 ¥{amount_yuan} 停车费申请企业抬头的电子发票。",
        },
        "ask": "打开申请查看开票信息，在税务系统开具后发到会员邮箱，再在这里办结。",
        "outcomes": {
            "issued": "已开具并发到邮箱",
            "title_wrong": "抬头与税号对不上，请会员修改",
            "email_bounced": "邮件被退回，请会员换邮箱",
            "issued_at_gate": "停车场已开过，不重复开具",
        },
    },
}

ACTIONS = {"parking_invoice.show": "查看开票信息"}

SUBJECTS = {"parking_invoice.": "停车发票"}

NOUNS = {"parking_invoice": "发票申请"}
