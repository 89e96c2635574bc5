\set i :i + 1
\set n 1000000 + :client_id * 20000 + :i
\startpipeline
BEGIN;
INSERT INTO attempts (bucket, window_start, count) VALUES ('sign-in:' || :n, '2026-11-22 10:00:00+00', 1) ON CONFLICT (bucket, window_start) DO UPDATE SET count = attempts.count + 1;
INSERT INTO members (id, public_id, status, home_mall_id, phone_sealed, phone_masked, card_no, joined_at, join_entrance_id, created_at) VALUES (:n, md5(:n::text), 'member', 1, decode(md5(:n::text) || md5('p' || :n::text), 'hex'), '136****0001', '6288' || :n, '2026-11-22 10:00:00+00', 1, '2026-11-22 10:00:00+00');
INSERT INTO member_identities (kind, value, member_id, bound_at) VALUES ('mini_openid', 'o' || md5(:n::text), :n, '2026-11-22 10:00:00+00'), ('unionid', 'u' || md5(:n::text), :n, '2026-11-22 10:00:00+00'), ('phone', md5(:n::text) || md5('p' || :n::text), :n, '2026-11-22 10:00:00+00'), ('card_no', '6288' || :n, :n, '2026-11-22 10:00:00+00');
INSERT INTO member_sessions (member_id, token_digest, channel, openid, created_at, expires_at) VALUES (:n, md5('t' || :n::text) || md5(:n::text), 'mini_program', 'o' || md5(:n::text), '2026-11-22 10:00:00+00', '2026-12-22 10:00:00+00');
INSERT INTO entrance_scans (entrance_id, visit_key, scanned_at, day, member_id, joined_at) VALUES (1, md5('v' || :n::text), '2026-11-22 10:00:00+00', '2026-11-22', :n, '2026-11-22 10:00:00+00');
INSERT INTO timeline_events (member_id, kind, fact, occurred_at, mall_id, store_id, source) VALUES (:n, 'scanned', 'scan:1:' || md5('v' || :n::text), '2026-11-22 10:00:00+00', 1, NULL, '3C4D6F7G9H'), (:n, 'joined', 'member:' || :n, '2026-11-22 10:00:00+00', 1, NULL, '3C4D6F7G9H');
INSERT INTO consent_records (member_id, kind, version, channel, given_at) VALUES (:n, 'membership', '2026-11', 'mini_program', '2026-11-22 10:00:00+00');
INSERT INTO member_stages (member_id, home_mall_id, is_plain, stage, activity, since, joined_on, known_on, last_presence_on, last_behaviour_on, recent_purchases, year_purchases, year_fen, purchases, monetary_fen) VALUES (:n, 1, true, '2', 'active', '2026-11-22', '2026-11-22', '2026-11-22', '2026-11-22', '2026-11-22', 0, 0, 0, 0, 0);
INSERT INTO stage_changes (member_id, home_mall_id, day, old_stage, stage, old_activity, activity, why, joined_on, known_on, last_presence_on, last_behaviour_on, recent_purchases, year_purchases, year_fen, purchases, monetary_fen) VALUES (:n, 1, '2026-11-22', '', '2', '', 'active', 'joined', '2026-11-22', '2026-11-22', '2026-11-22', '2026-11-22', 0, 0, 0, 0, 0);
INSERT INTO growth_accounts (member_id, growth) VALUES (:n, 10);
INSERT INTO growth_entries (member_id, growth, growth_after, reason_code, reason_facts, fact, occurred_at) VALUES (:n, 10, 10, 'join', '{}', 'join', '2026-11-22 10:00:00+00');
INSERT INTO coupons (member_id, id, campaign_id, mall_id, code, status, trigger, grant_key, entrance_id, face_fen, parking_minutes, discount_bps, min_spend_fen, mall_share_bps, merchant_share_bps, paid_points, issued_at, valid_from, valid_until)
  VALUES (:n, :n, 1, 1, 'A' || :n, 'issued', 'join', 'join:1', 1, 0, 120, 0, 0, 10000, 0, 0, '2026-11-22 10:00:00+00', '2026-11-22 10:00:00+00', '2026-11-29 16:00:00+00'),
  (:n, 10000000 + :n, 2, 1, 'B' || :n, 'issued', 'join', 'join:2', 1, 1000, 0, 0, 0, 6000, 4000, 0, '2026-11-22 10:00:00+00', '2026-11-22 10:00:00+00', '2026-11-29 16:00:00+00');
INSERT INTO coupon_codes (code, member_id, coupon_id) VALUES ('A' || :n, :n, :n), ('B' || :n, :n, 10000000 + :n);
INSERT INTO idempotency_keys (caller, key, fingerprint, status, answer, created_at)
  VALUES ('member:' || :n, md5('key' || :n::text), md5(:n::text) || md5(:n::text), 200, (
    '{"member": {"id": "' || md5(:n::text) || '", "mall": {"code": "BENCH", "name": "Bench", "accent": "#0f766e"}, "tier": {"code": "silver", "name": "银卡会员"}, '
    || '"growth": 10, "points": 0, "status": "member", "card_no": "6288000000000026", "joined_at": "2026-11-22T10:00:00.762218Z", "tasks_done": 0, "tasks_total": 3, "phone_masked": "136****0001", "coupons_usable": 2, "phone_verified": true}, '
    || '"granted": [{"id": "3", "code": "A' || :n || '", "kind": "parking", "plate": null, "title": "Parking", "status": "usable", "stores": [], "summary": "", "face_text": "2 小时", '
    || '"conditions": ["停车缴费时抵扣", "有效期至 2026-11-29", "每次停车可叠加使用"], '
    || '"valid_from": "2026-11-22T10:00:00.762218Z", "redeemed_at": null, "valid_until": "2026-11-29T16:00:00Z", "redeemed_store": null}, '
    || '{"id": "4", "code": "B' || :n || '", "kind": "cash", "plate": null, "title": "Dining", "status": "usable", "stores": [], "summary": "", "face_text": "¥10", '
    || '"conditions": ["无消费门槛", "本商场全部门店可用", "有效期至 2026-11-29", "每张仅可使用一次"], '
    || '"valid_from": "2026-11-22T10:00:00.762218Z", "redeemed_at": null, "valid_until": "2026-11-29T16:00:00Z", "redeemed_store": null}]}')::jsonb, '2026-11-22 10:00:00+00');
COMMIT;
\endpipeline
