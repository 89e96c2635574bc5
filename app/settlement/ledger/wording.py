"""Words for books; edges alone use them."""

ERRORS = {
    "book_not_open": "该商户尚未开账：请先录入合同条款，或等条款生效",
}
