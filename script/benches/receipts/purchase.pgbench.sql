\set i :i + 1
\set member 1000000 + :client_id * 500 + :i % 500
\set store 1 + :i % 8
\startpipeline
BEGIN;
INSERT INTO machine_nonces (machine_id, nonce, seen_at) VALUES (1, md5('nonce' || :client_id::text || '-' || :i::text), '2026-11-22 10:00:00+00') ON CONFLICT DO NOTHING;
INSERT INTO purchases (member_id, source, receipt_no, mall_id, merchant_id, store_id, occurred_at, amount_fen, refund_of_id, commission_base_fen, is_first, recorded_at) VALUES (:member, 'bench', :client_id::text || '-' || :i::text, 1, :store, :store, now(), 12300, NULL, NULL, false, now());
INSERT INTO receipt_numbers (source, receipt_no, fingerprint, member_id, purchase_id) VALUES ('bench', :client_id::text || '-' || :i::text, md5(:i::text) || md5(:i::text), :member, lastval());
INSERT INTO timeline_events (member_id, kind, fact, occurred_at, mall_id, store_id, source) VALUES (:member, 'purchased', 'purchase:' || 'bench:' || :client_id::text || '-' || :i::text, now(), 1, :store, 'bench') ON CONFLICT (member_id, kind, fact) DO NOTHING;
UPDATE points_accounts SET available_points = available_points + 123 WHERE member_id = :member;
INSERT INTO points_entries (member_id, kind, points, balance_after, reason_code, reason_facts, breakdown, fact, mall_id, store_id, reverses_id, occurred_at) VALUES (:member, 'accrue', 123, 246, 'purchase', '{"store": "Store 1"}', '{"rate": 10000, "parts": []}', 'purchase:' || 'bench:' || :client_id::text || '-' || :i::text, 1, :store, NULL, now());
INSERT INTO points_lots (member_id, entry_id, points, remaining_points, expires_on, is_grace) VALUES (:member, currval(pg_get_serial_sequence('points_entries', 'id')), 123, 123, '2027-12-31', false);
INSERT INTO postings (mall_id, merchant_id, store_id, kind, fact, act_kind, act_scope, act_ref, business_day, accounting_day, base_fen, points, rate, amount_fen, occurred_at, reverses_id) VALUES (1, :store, :store, 'commission', 'purchase:' || 'bench:' || :client_id::text || '-' || :i::text, 'purchase', 'bench', :client_id::text || '-' || :i::text, current_date, current_date, 12300, 0, 500, -615, now(), NULL), (1, :store, :store, 'points_issued', 'purchase:' || 'bench:' || :client_id::text || '-' || :i::text, 'purchase', 'bench', :client_id::text || '-' || :i::text, current_date, current_date, 0, 123, 80, -98, now(), NULL);
UPDATE growth_accounts SET growth = growth + 123 WHERE member_id = :member;
INSERT INTO growth_entries (member_id, growth, growth_after, counting, reason_code, reason_facts, fact, occurred_at) VALUES (:member, 123, 246, NULL, 'growth_spend', '{"store": "Store 1", "yuan": "123.00", "rate": "1"}', 'purchase:' || 'bench:' || :client_id::text || '-' || :i::text, now());
COMMIT;
\endpipeline
