\set i :i + 1
\set n 1000000 + :client_id * 3500 + :i
\set store 1 + :n % 8
\startpipeline
BEGIN;
UPDATE coupons SET status = 'redeemed', redeemed_at = '2026-11-22 10:00:00+00', reserved_for = NULL WHERE member_id = :n AND id = :n AND status = 'issued';
INSERT INTO redemptions (public_id, member_id, coupon_id, campaign_id, mall_id, merchant_id, store_id, staff_id, channel, spend_fen, discount_fen, mall_fen, merchant_fen, redeemed_at) VALUES (md5(:n::text), :n, :n, 1, 1, :store, :store, :store, 'clerk', 5000, 1000, 600, 400, '2026-11-22 10:00:00+00');
INSERT INTO timeline_events (member_id, kind, fact, occurred_at, mall_id, store_id, source) VALUES (:n, 'coupon_redeemed', 'redemption:' || md5(:n::text), '2026-11-22 10:00:00+00', 1, :store, 'clerk') ON CONFLICT (member_id, kind, fact) DO NOTHING;
INSERT INTO audit_entries (at, actor_kind, actor_id, actor_name, action, subject, mall_id, merchant_id, store_id, facts) VALUES ('2026-11-22 10:00:00+00', 'staff', :store, 'Clerk', 'redemption.create', 'redemption:' || md5(:n::text), 1, :store, :store, '{"coupon": "ABCD", "discount_fen": 1000}');
INSERT INTO postings (mall_id, merchant_id, store_id, kind, fact, act_kind, act_ref, business_day, accounting_day, base_fen, points, rate, amount_fen, occurred_at, reverses_id) VALUES (1, :store, :store, 'coupon_mall_share', 'redemption:' || md5(:n::text), 'redemption', md5(:n::text), '2026-11-22', '2026-11-22', 600, 0, 6000, 600, '2026-11-22 10:00:00+00', NULL), (1, :store, :store, 'coupon_merchant_share', 'redemption:' || md5(:n::text), 'redemption', md5(:n::text), '2026-11-22', '2026-11-22', 400, 0, 4000, 0, '2026-11-22 10:00:00+00', NULL);
INSERT INTO idempotency_keys (caller, key, fingerprint, status, answer, created_at) VALUES ('staff:' || :store, md5('key' || :n::text), md5(:n::text) || md5(:n::text), 201, '{"id": "0123456789abcdef0123456789abcdef", "title": "Bench", "face_text": "¥10", "discount_fen": 1000, "mall_fen": 600, "merchant_fen": 400, "redeemed_at": "2026-11-22T10:00:00.000000+00:00", "undo_until": "2026-11-22T10:15:00.000000+00:00", "store": "Store 1"}', '2026-11-22 10:00:00+00');
COMMIT;
\endpipeline
