"""What leaving does to every table with a member's key."""

# What leaving does to each table with a member's key: to name a table here, look at what it says of the person.
FACTS, ERASED, GONE = "facts without a person, they stay", "the person is taken out of the rows", "the rows go"
AFTER_LEAVING = {
    "behaviour_events": GONE,
    "care_acts": ERASED,  # notes
    "care_requests": GONE,
    "circle_authorisations": GONE,
    "circle_parkings": GONE,
    "consent_records": ERASED,  # withdrawn, kept as a proof
    "carried_coupons": FACTS,
    "coupon_codes": FACTS,
    "coupon_exchanges": FACTS,
    "coupons": ERASED,  # plates; unused ones are void
    "entrance_scans": FACTS,
    "former_members": ERASED,  # who they are since they came back
    "growth_accounts": FACTS,
    "growth_entries": FACTS,
    "invitation_codes": GONE,
    "invitations": ERASED,  # devices
    "member_households": GONE,
    "member_identities": GONE,
    "member_merges": ERASED,
    "member_manual_tags": GONE,
    "member_notes": GONE,
    "member_pairs": GONE,
    "member_predictions": GONE,
    "member_preferences": GONE,
    "member_profiles": GONE,
    "member_sessions": ERASED,
    "member_signs": GONE,
    "member_stages": GONE,
    "member_values": GONE,
    "members_to_compare": GONE,
    "member_tags": GONE,
    "outreach_messages": ERASED,  # texts
    "parking_invoices": ERASED,  # titles and addresses
    "parking_payments": FACTS,
    "parking_quotes": FACTS,
    "parking_sessions": ERASED,  # plates
    "parking_waivers": FACTS,
    "payment_numbers": FACTS,
    "payment_orders": ERASED,  # openids
    "payment_refunds": FACTS,
    "points_accounts": FACTS,
    "points_differences": FACTS,
    "points_entries": FACTS,
    "points_expiry_notices": GONE,
    "points_hold_uses": FACTS,
    "points_holds": FACTS,
    "points_lots": FACTS,
    "points_payments": FACTS,
    "points_uses": FACTS,
    "purchase_lines": FACTS,
    "purchase_payments": FACTS,
    "purchases": FACTS,
    "receipt_claims": GONE,
    "receipt_numbers": FACTS,
    "receipt_photo_images": GONE,
    "receipt_photos": GONE,
    "redemptions": FACTS,
    "segment_members": GONE,
    "sleep_cause_corrections": GONE,
    "sleep_causes": GONE,
    "stage_changes": GONE,
    "subscribe_consent_events": FACTS,
    "subscribe_consents": ERASED,  # emptied
    "task_completions": ERASED,  # answers
    "tier_allowances": FACTS,
    "tier_notices": GONE,
    "tier_standings": FACTS,
    "timeline_events": ERASED,  # ids of WeCom contacts
    "used_member_codes": FACTS,
    "waiting_receipts": ERASED,  # whose they are
}
