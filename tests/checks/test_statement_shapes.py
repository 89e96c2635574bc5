"""What a distributed database could not run is refused, and what it can run is not."""

import pytest

from tests.support.sql import recorder, shapes

LOCKS, JOINS, CORRELATES, UNSTABLE, ROLLS, TIME, MOVES = shapes.SHAPES

REFUSED = [
    (LOCKS, "SELECT id FROM members WHERE id = ANY($1::BIGINT[]) ORDER BY id FOR UPDATE"),
    (LOCKS, "SELECT id FROM members WHERE id IN ($1, $1) FOR NO KEY UPDATE SKIP LOCKED"),
    (LOCKS, "SELECT * FROM redemptions WHERE redemptions.public_id = $1 FOR UPDATE"),
    (LOCKS, "SELECT * FROM members WHERE id = $1 OR id = $1 FOR UPDATE"),
    (LOCKS, "SELECT * FROM coupons WHERE id = $1 AND status = $1 FOR SHARE"),
    (LOCKS, "SELECT * FROM coupons c JOIN members m ON m.id = c.member_id WHERE c.code = $1 FOR UPDATE OF c"),
    (
        LOCKS,
        (
            "UPDATE payment_refunds SET due_at = $1 WHERE (member_id, id) IN "
            "(SELECT member_id, id FROM payment_refunds WHERE due_at <= $1 LIMIT 5 FOR UPDATE SKIP LOCKED)"
        ),
    ),
    (LOCKS, "WITH mine AS (SELECT member_id FROM coupons WHERE status = $1 FOR UPDATE) SELECT * FROM mine"),
    (JOINS, "SELECT * FROM coupons JOIN coupon_codes x ON x.member_id = coupons.member_id WHERE x.code = $1"),
    (JOINS, "SELECT * FROM member_identities, members WHERE members.id = member_identities.member_id"),
    (JOINS, "SELECT * FROM coupons c JOIN redemptions r ON r.coupon_id = c.id WHERE r.store_id = $1"),
    (JOINS, "SELECT * FROM coupons c LEFT JOIN redemptions r ON r.coupon_id = c.id OR r.member_id = c.member_id"),
    (JOINS, "UPDATE coupons SET plate = NULL FROM coupon_codes x WHERE x.coupon_id = coupons.id"),
    (
        CORRELATES,
        (
            "SELECT 1 FROM wecom_contacts w WHERE EXISTS "
            "(SELECT 1 FROM member_identities i WHERE i.value = w.external_user_id)"
        ),
    ),
    (CORRELATES, "SELECT (SELECT count(*) FROM coupons c WHERE c.campaign_id = g.id) FROM campaigns g"),
    (CORRELATES, "SELECT * FROM coupons c WHERE EXISTS (SELECT 1 FROM coupon_codes x WHERE x.member_id = c.member_id)"),
    (CORRELATES, "SELECT * FROM coupons c WHERE EXISTS (SELECT 1 FROM redemptions r WHERE r.coupon_id = c.id)"),
    (CORRELATES, "SELECT (SELECT count(*) FROM parking_sessions s WHERE s.member_id = m.id) FROM members m"),
    (UNSTABLE, "UPDATE timeline_events SET fact = concat('wecom:', id) WHERE member_id = $1"),
    (UNSTABLE, "UPDATE outreach_messages SET facts = jsonb_build_object('id', id) WHERE member_id = $1"),
    (UNSTABLE, "UPDATE coupons SET code = to_char(issued_at, 'YYYY')"),
    (ROLLS, "SELECT store_id, count(*) FROM redemptions GROUP BY ROLLUP (store_id)"),
    (ROLLS, "SELECT store_id, kind, count(*) FROM redemptions GROUP BY GROUPING SETS ((store_id), ())"),
    (TIME, "SELECT * FROM coupons WHERE valid_until > now()"),
    (TIME, "DELETE FROM attempts WHERE window_start < CURRENT_TIMESTAMP"),
    (TIME, "UPDATE heartbeats SET beat_at = now()"),
    (MOVES, "UPDATE coupons SET member_id = $1 WHERE member_id = $1"),
    (MOVES, "UPDATE member_identities SET value = $1 WHERE kind = $1 AND value = $1"),
]

TAKEN = [
    "SELECT * FROM members WHERE members.id = $1::BIGINT FOR UPDATE",
    "SELECT * FROM coupons WHERE member_id = $1 AND id IN ($1, $1) ORDER BY id FOR UPDATE",
    "SELECT * FROM coupons WHERE (coupons.member_id, coupons.id) = ($1, $1) FOR UPDATE",
    "SELECT * FROM coupons c JOIN members m ON m.id = c.member_id WHERE c.member_id = $1 AND m.status = $1 FOR UPDATE",
    "SELECT * FROM parking_sessions WHERE plate = $1 FOR UPDATE",
    "SELECT * FROM books WHERE first_open_day <= $1 FOR SHARE OF books",
    (
        "SELECT * FROM coupons c JOIN redemptions r ON r.member_id = c.member_id AND r.coupon_id = c.id "
        "JOIN stores s ON s.id = r.store_id"
    ),
    "SELECT * FROM coupons c, members m, points_accounts p WHERE m.id = c.member_id AND p.member_id = m.id",
    "SELECT * FROM members m LEFT JOIN points_accounts p ON p.member_id = m.id AND p.available_points > 0",
    "SELECT * FROM coupons WHERE (member_id, id) IN (SELECT member_id, coupon_id FROM coupon_codes WHERE code = $1)",
    (
        "SELECT * FROM coupons c WHERE EXISTS (SELECT 1 FROM redemptions r "
        "WHERE r.member_id = c.member_id AND r.coupon_id = c.id)"
    ),
    "SELECT * FROM coupons c WHERE EXISTS (SELECT 1 FROM campaign_stores s WHERE s.campaign_id = c.campaign_id)",
    "SELECT * FROM postings p WHERE EXISTS (SELECT 1 FROM statements s WHERE s.merchant_id = p.merchant_id)",
    (
        "UPDATE payment_refunds SET due_at = $1 WHERE (member_id, id) IN "
        "(SELECT member_id, id FROM payment_refunds WHERE due_at <= $1 LIMIT 5) AND due_at <= $1"
    ),
    "UPDATE timeline_events SET fact = 'wecom:' || CAST(id AS TEXT) WHERE member_id = $1",
    (
        "WITH x AS (SELECT member_id, coupon_id FROM coupon_codes WHERE code = $1) "
        "SELECT * FROM coupons JOIN x ON x.member_id = coupons.member_id"
    ),
    "INSERT INTO coupons (member_id, code) VALUES ($1, $1) ON CONFLICT DO NOTHING RETURNING id",
    "SELECT store_id, count(*) FROM redemptions GROUP BY store_id",
    "SELECT mall_id, count(*) FROM postings GROUP BY ROLLUP (mall_id)",
    "SELECT 'now()' FROM coupons",
]


@pytest.mark.parametrize(("reason", "statement"), REFUSED)
def test_a_statement_that_cannot_run_distributed_is_refused(reason: str, statement: str) -> None:
    assert shapes.refused(statement) == [reason]


@pytest.mark.parametrize("statement", TAKEN)
def test_a_statement_that_can_is_not(statement: str) -> None:
    assert shapes.refused(statement) == []


def test_every_shape_is_shown() -> None:
    assert {reason for reason, _ in REFUSED} == set(shapes.SHAPES)


def test_statements_that_differ_in_the_number_of_values_are_one() -> None:
    short = recorder.shape("SELECT 1 FROM a WHERE id IN (%(id_1)s::BIGINT, %(id_2)s::BIGINT, %(id_3)s::BIGINT)")
    long = recorder.shape(f"SELECT 1 FROM a WHERE id IN ({', '.join(f'%(id_{n})s::BIGINT' for n in range(50))})")
    assert short == long == "SELECT 1 FROM a WHERE id IN ($1::BIGINT, $1)"
    rows = recorder.shape("INSERT INTO a (b, c) VALUES (%(b_1)s, %(c_1)s::TEXT), (%(b_2)s, %(c_2)s::TEXT)")
    assert rows == "INSERT INTO a (b, c) VALUES ($1, $1::TEXT)"
