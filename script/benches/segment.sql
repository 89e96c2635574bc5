-- The five segments of the bench, each by hand: what script/bench segment compares the compiled count with.

-- segment 1
SELECT count(*) FROM members m JOIN tier_standings g ON g.member_id = m.id AND g.replaced_at IS NULL
WHERE m.status = 'member' AND m.home_mall_id = 1 AND g.tier_code IN ('gold', 'black') AND m.joined_at >= :d365;

-- segment 2
SELECT count(*) FROM members m JOIN tier_standings g ON g.member_id = m.id AND g.replaced_at IS NULL JOIN (
SELECT coalesce(n.merged_into_id, r.member_id) id, sum(r.amount_fen) spend FROM purchases r LEFT JOIN members n ON n.id = r.member_id AND n.merged_into_id IS NOT NULL WHERE r.occurred_at >= :d90 GROUP BY 1
) s ON s.id = m.id
WHERE m.status = 'member' AND m.home_mall_id = 1 AND NOT EXISTS (SELECT FROM member_profiles o WHERE o.member_id = m.id AND o.profiling_off_at IS NOT NULL) AND g.tier_code IN ('gold', 'black') AND s.spend >= 50000;

-- segment 3
SELECT count(*) FROM members m JOIN (
SELECT coalesce(n.merged_into_id, r.member_id) id, sum(r.amount_fen) FILTER (WHERE r.occurred_at >= :d90) spend,
    count(*) FILTER (WHERE r.refund_of_id IS NULL AND (b.fen IS NULL OR r.amount_fen + b.fen > 0)) times
FROM purchases r 
LEFT JOIN (SELECT member_id, refund_of_id, sum(amount_fen) fen FROM purchases WHERE refund_of_id IS NOT NULL
    GROUP BY member_id, refund_of_id) b ON b.member_id = r.member_id AND b.refund_of_id = r.id
 LEFT JOIN members n ON n.id = r.member_id AND n.merged_into_id IS NOT NULL WHERE r.occurred_at >= :d365 GROUP BY 1
) s ON s.id = m.id
LEFT JOIN (SELECT coalesce(n.merged_into_id, r.member_id) id, max(r.occurred_at) last FROM timeline_events r LEFT JOIN members n ON n.id = r.member_id AND n.merged_into_id IS NOT NULL
    WHERE r.kind IN ('visited', 'purchased', 'coupon_redeemed', 'parking_paid') GROUP BY 1) v ON v.id = m.id
WHERE m.status = 'member' AND m.home_mall_id = 1 AND NOT EXISTS (SELECT FROM member_profiles o WHERE o.member_id = m.id AND o.profiling_off_at IS NOT NULL) AND s.times >= 2 AND (v.last < :d30 OR s.spend >= 50000);

-- segment 4
SELECT count(*) FROM members m JOIN (
SELECT coalesce(n.merged_into_id, r.member_id) id, sum(r.amount_fen) FILTER (WHERE r.occurred_at >= :d90) spend,
    count(*) FILTER (WHERE r.refund_of_id IS NULL AND (b.fen IS NULL OR r.amount_fen + b.fen > 0)) times
FROM purchases r 
LEFT JOIN (SELECT member_id, refund_of_id, sum(amount_fen) fen FROM purchases WHERE refund_of_id IS NOT NULL
    GROUP BY member_id, refund_of_id) b ON b.member_id = r.member_id AND b.refund_of_id = r.id
 LEFT JOIN members n ON n.id = r.member_id AND n.merged_into_id IS NOT NULL WHERE r.occurred_at >= :d365 GROUP BY 1
) s ON s.id = m.id
LEFT JOIN tier_standings g ON g.member_id = m.id AND g.replaced_at IS NULL
LEFT JOIN member_profiles p ON p.member_id = m.id
LEFT JOIN (SELECT coalesce(n.merged_into_id, r.member_id) id, count(*) FILTER (WHERE r.kind = 'visited' AND r.occurred_at >= :d180) visits,
        bool_or(true) FILTER (WHERE r.kind = 'browsed' AND r.occurred_at >= :d60) browsed
    FROM timeline_events r LEFT JOIN members n ON n.id = r.member_id AND n.merged_into_id IS NOT NULL WHERE r.kind = 'visited' AND r.occurred_at >= :d180
        OR r.kind = 'browsed' AND r.occurred_at >= :d60 GROUP BY 1) v ON v.id = m.id
WHERE m.status = 'member' AND m.home_mall_id = 1 AND NOT EXISTS (SELECT FROM member_profiles o WHERE o.member_id = m.id AND o.profiling_off_at IS NOT NULL) AND s.times >= 2 AND (g.tier_code IN ('gold', 'black') OR s.spend >= 50000 AND v.visits >= 1)
    AND v.browsed IS NOT TRUE AND (p.birth_month IN (1, 2, 3)) IS NOT TRUE;

-- segment 5
SELECT count(*) FROM members m LEFT JOIN (
SELECT coalesce(n.merged_into_id, r.member_id) id, sum(r.amount_fen) FILTER (WHERE r.occurred_at >= :d90) spend,
    count(*) FILTER (WHERE r.refund_of_id IS NULL AND (b.fen IS NULL OR r.amount_fen + b.fen > 0)) times
FROM purchases r 
LEFT JOIN (SELECT member_id, refund_of_id, sum(amount_fen) fen FROM purchases WHERE refund_of_id IS NOT NULL
    GROUP BY member_id, refund_of_id) b ON b.member_id = r.member_id AND b.refund_of_id = r.id
 LEFT JOIN members n ON n.id = r.member_id AND n.merged_into_id IS NOT NULL WHERE r.occurred_at >= :d365 GROUP BY 1
) s ON s.id = m.id
LEFT JOIN tier_standings g ON g.member_id = m.id AND g.replaced_at IS NULL
LEFT JOIN member_profiles p ON p.member_id = m.id
LEFT JOIN (SELECT DISTINCT coalesce(n.merged_into_id, r.member_id) id FROM member_preferences r LEFT JOIN members n ON n.id = r.member_id AND n.merged_into_id IS NOT NULL WHERE r.category = 'kids') k ON k.id = m.id
LEFT JOIN (SELECT coalesce(n.merged_into_id, r.member_id) id, max(r.occurred_at) FILTER (WHERE r.kind IN ('visited', 'purchased', 'coupon_redeemed', 'parking_paid')) last,
        count(*) FILTER (WHERE r.kind = 'visited' AND r.occurred_at >= :d180) visits,
        bool_or(true) FILTER (WHERE r.kind = 'browsed' AND r.occurred_at >= :d60) browsed
    FROM timeline_events r LEFT JOIN members n ON n.id = r.member_id AND n.merged_into_id IS NOT NULL WHERE r.kind IN ('visited', 'purchased', 'coupon_redeemed', 'parking_paid')
        OR r.kind = 'browsed' AND r.occurred_at >= :d60 GROUP BY 1) v ON v.id = m.id
WHERE m.status = 'member' AND m.home_mall_id = 1 AND NOT EXISTS (SELECT FROM member_profiles o WHERE o.member_id = m.id AND o.profiling_off_at IS NOT NULL) AND (s.spend >= 50000 AND (v.last < :d30
        OR NOT (v.browsed IS TRUE AND (k.id IS NOT NULL OR (p.birth_month IN (1, 2, 3)) IS TRUE)))
    OR g.tier_code IN ('gold', 'black') AND s.times >= 2 AND v.visits >= 1);
