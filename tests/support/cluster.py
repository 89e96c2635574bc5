"""Stands in for a Citus cluster: SQL functions of its names that note the calls and refuse what a cluster refuses.

It places nothing. What it refuses was seen on Citus 13.2: a unique constraint without the key, a trigger on a spread
table, a foreign key between machines, spreading a table with an identity column that a foreign key to a reference
table has pulled into the metadata. It also refuses every foreign key from an ordinary table to a spread one.
"""

import psycopg

_TABLES = """
    CREATE TABLE pg_dist_partition (
        logicalrelid regclass PRIMARY KEY, partmethod "char", partkey text, colocation text, repmodel "char");
    CREATE TABLE cluster_calls (id bigint GENERATED ALWAYS AS IDENTITY, call text);
    CREATE FUNCTION column_to_column_name(regclass, text) RETURNS text LANGUAGE sql AS 'SELECT $2';
    CREATE FUNCTION cluster_kind(regclass) RETURNS text LANGUAGE sql AS
        $$ SELECT partmethod::text || repmodel::text FROM pg_dist_partition WHERE logicalrelid = $1 $$;
"""
_REFUSALS = """
    CREATE FUNCTION cluster_check_keys(relation regclass) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE key pg_constraint; mine pg_dist_partition; theirs pg_dist_partition;
    BEGIN
        FOR key IN SELECT * FROM pg_constraint WHERE contype = 'f' AND relation IN (conrelid, confrelid) LOOP
            SELECT * INTO mine FROM pg_dist_partition WHERE logicalrelid = key.conrelid;
            SELECT * INTO theirs FROM pg_dist_partition WHERE logicalrelid = key.confrelid;
            IF theirs.repmodel = 't' THEN
                IF mine IS NULL THEN
                    INSERT INTO pg_dist_partition VALUES (key.conrelid, 'n', NULL, NULL, 's');
                END IF;
            ELSIF mine.partmethod = 'h' AND theirs.partmethod = 'h' AND mine.colocation = theirs.colocation AND EXISTS (
                SELECT FROM unnest(key.conkey, key.confkey) AS pair (mine, theirs)
                JOIN pg_attribute a ON a.attrelid = key.conrelid AND a.attnum = pair.mine AND a.attname = mine.partkey
                JOIN pg_attribute b ON b.attrelid = key.confrelid AND b.attnum = pair.theirs
                    AND b.attname = theirs.partkey
            ) THEN
                NULL;
            ELSIF mine.partmethod = 'h' OR mine.repmodel = 't' OR theirs.partmethod = 'h' THEN
                RAISE EXCEPTION 'cannot create foreign key constraint % since relations are not colocated or not '
                    'referencing a reference table', key.conname USING ERRCODE = '0A000';
            END IF;
        END LOOP;
    END $$;

    CREATE FUNCTION cluster_check_unique(relation regclass) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            SELECT FROM pg_index JOIN pg_dist_partition ON logicalrelid = indrelid AND partmethod = 'h'
            WHERE indrelid = relation AND indisunique AND NOT EXISTS (
                SELECT FROM pg_attribute WHERE attrelid = relation AND attnum = ANY(indkey) AND attname = partkey)
        ) THEN
            RAISE EXCEPTION 'cannot create constraint on "%"', relation USING ERRCODE = '0A000';
        END IF;
    END $$;

    CREATE FUNCTION cluster_check_triggers(relation regclass) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        IF cluster_kind(relation) IN ('hs', 'nt')
            AND EXISTS (SELECT FROM pg_trigger WHERE tgrelid = relation AND NOT tgisinternal) THEN
            RAISE EXCEPTION 'cannot distribute relation "%" because it has triggers', relation USING ERRCODE = '0A000';
        END IF;
    END $$;

    CREATE FUNCTION cluster_take(relation regclass) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        IF cluster_kind(relation) IN ('hs', 'nt') THEN
            RAISE EXCEPTION 'table "%" is already distributed', relation USING ERRCODE = '42P16';
        END IF;
        IF cluster_kind(relation) = 'ns'
            AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = relation AND attidentity <> '') THEN
            RAISE EXCEPTION 'cannot complete operation on a table with identity column' USING ERRCODE = '0A000';
        END IF;
        DELETE FROM pg_dist_partition WHERE logicalrelid = relation;
    END $$;
"""
_PLACING = """
    CREATE FUNCTION create_reference_table(table_name regclass) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO cluster_calls (call) VALUES (format('%s reference', table_name));
        PERFORM cluster_take(table_name);
        INSERT INTO pg_dist_partition VALUES (table_name, 'n', NULL, 'everywhere', 't');
        PERFORM cluster_check_triggers(table_name), cluster_check_keys(table_name);
    END $$;

    CREATE FUNCTION create_distributed_table(
        table_name regclass, distribution_column text, colocate_with text DEFAULT 'default'
    ) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE beside text;
    BEGIN
        INSERT INTO cluster_calls (call)
            VALUES (format('%s by %s with %s', table_name, distribution_column, colocate_with));
        PERFORM cluster_take(table_name);
        IF colocate_with NOT IN ('none', 'default') THEN
            SELECT colocation INTO STRICT beside FROM pg_dist_partition WHERE logicalrelid = colocate_with::regclass;
        END IF;
        INSERT INTO pg_dist_partition
            VALUES (table_name, 'h', distribution_column, coalesce(beside, table_name::text), 's');
        PERFORM cluster_check_unique(table_name), cluster_check_triggers(table_name), cluster_check_keys(table_name);
    END $$;
"""
_WATCH = """
    CREATE FUNCTION cluster_watch() RETURNS event_trigger LANGUAGE plpgsql AS $$
    DECLARE changed record;
    BEGIN
        FOR changed IN
            SELECT CASE classid WHEN 'pg_trigger'::regclass THEN (SELECT tgrelid FROM pg_trigger WHERE oid = objid)
                ELSE coalesce((SELECT indrelid FROM pg_index WHERE indexrelid = objid), objid) END AS relation
            FROM pg_event_trigger_ddl_commands()
        LOOP
            PERFORM cluster_check_unique(changed.relation), cluster_check_triggers(changed.relation),
                cluster_check_keys(changed.relation);
        END LOOP;
    END $$;
    CREATE EVENT TRIGGER cluster_watch ON ddl_command_end
        WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE', 'CREATE INDEX', 'CREATE TRIGGER') EXECUTE FUNCTION cluster_watch();

    CREATE FUNCTION cluster_forget() RETURNS event_trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM pg_dist_partition WHERE logicalrelid NOT IN (SELECT oid FROM pg_class);
    END $$;
    CREATE EVENT TRIGGER cluster_forget ON sql_drop EXECUTE FUNCTION cluster_forget();
"""


def install(database_url: str) -> None:
    """Makes a database believe that it is a cluster's coordinator."""
    with psycopg.connect(database_url) as connection:
        connection.execute(_TABLES + _REFUSALS + _PLACING + _WATCH)


def calls(database_url: str) -> list[str]:
    """What was asked of the cluster, in order."""
    with psycopg.connect(database_url) as connection:
        return [row[0] for row in connection.execute("SELECT call FROM cluster_calls ORDER BY id")]
