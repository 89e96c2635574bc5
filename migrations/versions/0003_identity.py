"""Members and their identities, entrances, staff, machines, the audit log."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003_identity"
down_revision = "0002_malls"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=True),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("store_id", sa.BigInteger(), nullable=True),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index("ix_audit_entries_at", "audit_entries", ["at"], unique=False)
    op.create_index("ix_audit_entries_mall_id_id", "audit_entries", ["mall_id", "id"], unique=False)
    op.create_table(
        "consent_documents",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "version", name=op.f("pk_consent_documents")),
    )
    op.create_table(
        "sms_codes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("phone_index", sa.Text(), nullable=False),
        sa.Column("code_digest", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_codes")),
    )
    op.create_index("ix_sms_codes_phone_index_id", "sms_codes", ["phone_index", "id"], unique=False)
    op.create_table(
        "staff",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone_index", sa.Text(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_masked", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("phone_index", name=op.f("uq_staff_phone_index")),
        sa.UniqueConstraint("public_id", name=op.f("uq_staff_public_id")),
    )
    op.create_table(
        "members",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("home_mall_id", sa.BigInteger(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_masked", sa.Text(), nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("card_no", sa.Text(), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("join_entrance_id", sa.BigInteger(), nullable=True),
        sa.Column("merged_into_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(status = 'merged') = (merged_into_id IS NOT NULL)", name=op.f("ck_members_merged_into")),
        sa.CheckConstraint("status <> 'member' OR joined_at IS NOT NULL", name=op.f("ck_members_joined_at")),
        sa.CheckConstraint("status IN ('visitor', 'member', 'merged', 'closed')", name=op.f("ck_members_status")),
        sa.ForeignKeyConstraint(["home_mall_id"], ["malls.id"], name=op.f("fk_members_home_mall_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["members.id"], name=op.f("fk_members_merged_into_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
        sa.UniqueConstraint("card_no", name=op.f("uq_members_card_no")),
        sa.UniqueConstraint("public_id", name=op.f("uq_members_public_id")),
    )
    op.create_index("ix_members_joined_at", "members", ["joined_at"], unique=False)
    op.create_table(
        "consent_records",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_consent_records_member_id")),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_consent_records")),
    )
    op.create_index(
        "uq_consent_records_live",
        "consent_records",
        ["member_id", "kind", "version"],
        unique=True,
        postgresql_where="withdrawn_at IS NULL",
    )
    op.create_table(
        "entrances",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("scene", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=True),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.CheckConstraint("length(scene) BETWEEN 4 AND 30", name=op.f("ck_entrances_scene")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_entrances_mall_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_entrances_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entrances")),
        sa.UniqueConstraint("scene", name=op.f("uq_entrances_scene")),
    )
    op.create_index(op.f("ix_entrances_mall_id"), "entrances", ["mall_id"], unique=False)
    op.create_index("uq_entrances_default", "entrances", ["mall_id"], unique=True, postgresql_where="is_default")
    op.create_table(
        "machines",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("store_id", sa.BigInteger(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('pos', 'gate')", name=op.f("ck_machines_kind")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_machines_mall_id")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_machines_merchant_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_machines_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machines")),
        sa.UniqueConstraint("client_id", name=op.f("uq_machines_client_id")),
    )
    op.create_table(
        "member_identities",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_member_identities_member_id")),
        sa.PrimaryKeyConstraint("kind", "value", name=op.f("pk_member_identities")),
    )
    op.create_index(op.f("ix_member_identities_member_id"), "member_identities", ["member_id"], unique=False)
    op.create_table(
        "member_merges",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("from_member_id", sa.BigInteger(), nullable=False),
        sa.Column("into_member_id", sa.BigInteger(), nullable=False),
        sa.Column("moved", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["from_member_id"], ["members.id"], name=op.f("fk_member_merges_from_member_id")),
        sa.ForeignKeyConstraint(["into_member_id"], ["members.id"], name=op.f("fk_member_merges_into_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_merges")),
        sa.UniqueConstraint("from_member_id", name=op.f("uq_member_merges_from_member_id")),
    )
    op.create_index(op.f("ix_member_merges_into_member_id"), "member_merges", ["into_member_id"], unique=False)
    op.create_table(
        "member_preferences",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_member_preferences_member_id")),
        sa.PrimaryKeyConstraint("member_id", "category", name=op.f("pk_member_preferences")),
    )
    op.create_table(
        "member_sessions",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("openid", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_member_sessions_member_id")),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_member_sessions")),
        sa.UniqueConstraint("member_id", "token_digest", name=op.f("uq_member_sessions_member_id_token_digest")),
    )
    op.create_table(
        "staff_roles",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=True),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("store_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("role <> 'clerk' OR store_id IS NOT NULL", name=op.f("ck_staff_roles_clerk_has_store")),
        sa.CheckConstraint(
            "role <> 'merchant_manager' OR merchant_id IS NOT NULL", name=op.f("ck_staff_roles_manager_has_merchant")
        ),
        sa.CheckConstraint(
            "role IN ('clerk', 'merchant_manager', 'operations', 'finance', 'administrator', 'auditor')",
            name=op.f("ck_staff_roles_role"),
        ),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_staff_roles_mall_id")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_staff_roles_merchant_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_roles_staff_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_staff_roles_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_roles")),
        sa.UniqueConstraint("staff_id", "role", "scope", name=op.f("uq_staff_roles_staff_id_role_scope")),
    )
    op.create_index(op.f("ix_staff_roles_staff_id"), "staff_roles", ["staff_id"], unique=False)
    op.create_table(
        "staff_sessions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("face", sa.Text(), nullable=False),
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_sessions_staff_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_staff_sessions_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_sessions")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_staff_sessions_token_digest")),
    )
    op.create_index(op.f("ix_staff_sessions_staff_id"), "staff_sessions", ["staff_id"], unique=False)
    op.create_table(
        "used_member_codes",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_used_member_codes_member_id")),
        sa.PrimaryKeyConstraint("member_id", "nonce", name=op.f("pk_used_member_codes")),
    )
    op.create_index(op.f("ix_used_member_codes_used_at"), "used_member_codes", ["used_at"], unique=False)
    op.create_table(
        "contact_ways",
        sa.Column("entrance_id", sa.BigInteger(), nullable=False),
        sa.Column("config_id", sa.Text(), nullable=False),
        sa.Column("qr_url", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entrance_id"], ["entrances.id"], name=op.f("fk_contact_ways_entrance_id")),
        sa.PrimaryKeyConstraint("entrance_id", name=op.f("pk_contact_ways")),
    )
    op.create_table(
        "entrance_codes",
        sa.Column("entrance_id", sa.BigInteger(), nullable=False),
        sa.Column("image", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entrance_id"], ["entrances.id"], name=op.f("fk_entrance_codes_entrance_id")),
        sa.PrimaryKeyConstraint("entrance_id", name=op.f("pk_entrance_codes")),
    )
    op.create_table(
        "entrance_scans",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("entrance_id", sa.BigInteger(), nullable=False),
        sa.Column("visit_key", sa.Text(), nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["entrance_id"], ["entrances.id"], name=op.f("fk_entrance_scans_entrance_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_entrance_scans_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entrance_scans")),
        sa.UniqueConstraint("entrance_id", "visit_key", name=op.f("uq_entrance_scans_entrance_id_visit_key")),
    )
    op.create_index("ix_entrance_scans_day_entrance_id", "entrance_scans", ["day", "entrance_id"], unique=False)
    op.create_index(op.f("ix_entrance_scans_member_id"), "entrance_scans", ["member_id"], unique=False)
    op.create_table(
        "machine_nonces",
        sa.Column("machine_id", sa.BigInteger(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["machine_id"], ["machines.id"], name=op.f("fk_machine_nonces_machine_id")),
        sa.PrimaryKeyConstraint("machine_id", "nonce", name=op.f("pk_machine_nonces")),
    )
    op.create_index(op.f("ix_machine_nonces_seen_at"), "machine_nonces", ["seen_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_machine_nonces_seen_at"), table_name="machine_nonces")
    op.drop_table("machine_nonces")
    op.drop_index(op.f("ix_entrance_scans_member_id"), table_name="entrance_scans")
    op.drop_index("ix_entrance_scans_day_entrance_id", table_name="entrance_scans")
    op.drop_table("entrance_scans")
    op.drop_table("entrance_codes")
    op.drop_table("contact_ways")
    op.drop_index(op.f("ix_used_member_codes_used_at"), table_name="used_member_codes")
    op.drop_table("used_member_codes")
    op.drop_index(op.f("ix_staff_sessions_staff_id"), table_name="staff_sessions")
    op.drop_table("staff_sessions")
    op.drop_index(op.f("ix_staff_roles_staff_id"), table_name="staff_roles")
    op.drop_table("staff_roles")
    op.drop_table("member_sessions")
    op.drop_table("member_preferences")
    op.drop_index(op.f("ix_member_merges_into_member_id"), table_name="member_merges")
    op.drop_table("member_merges")
    op.drop_index(op.f("ix_member_identities_member_id"), table_name="member_identities")
    op.drop_table("member_identities")
    op.drop_table("machines")
    op.drop_index("uq_entrances_default", table_name="entrances", postgresql_where="is_default")
    op.drop_index(op.f("ix_entrances_mall_id"), table_name="entrances")
    op.drop_table("entrances")
    op.drop_index("uq_consent_records_live", table_name="consent_records", postgresql_where="withdrawn_at IS NULL")
    op.drop_table("consent_records")
    op.drop_index("ix_members_joined_at", table_name="members")
    op.drop_table("members")
    op.drop_table("staff")
    op.drop_index("ix_sms_codes_phone_index_id", table_name="sms_codes")
    op.drop_table("sms_codes")
    op.drop_table("consent_documents")
    op.drop_index("ix_audit_entries_mall_id_id", table_name="audit_entries")
    op.drop_index("ix_audit_entries_at", table_name="audit_entries")
    op.drop_table("audit_entries")
