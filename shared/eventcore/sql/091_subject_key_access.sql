-- The API seals and opens through two functions, on a path where one commit serves commands of several councils; the keys
-- they hand out are wrapped. Erasing and holding go to the table, fenced by row-level security like every other row.
ALTER TABLE subject_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_authorities ON subject_key TO moot_api
    USING (in_my_authorities(authority)) WITH CHECK (in_my_authorities(authority));
GRANT SELECT, UPDATE ON subject_key TO moot_api;

-- `committed`: older than every transaction still under way. Only then may a process remember the key: one made by a
-- transaction that rolls back would seal later events under a key that nobody has.
CREATE FUNCTION load_subject_keys(subjects uuid[])
RETURNS TABLE (subject_id uuid, authority text, wrapped bytea, master integer, committed boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT k.subject_id, k.authority, k.wrapped, k.master, age(k.xmin) > age(pg_snapshot_xmin(pg_current_snapshot())::xid)
    FROM subject_key k WHERE k.subject_id = ANY (subjects)
$$;

CREATE FUNCTION create_subject_keys(subjects uuid[], wraps bytea[], for_authority text, under_master integer, now_is timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
    INSERT INTO subject_key (subject_id, authority, wrapped, master, created_at)
    SELECT fresh.subject, for_authority, fresh.wrap, under_master, now_is
    FROM unnest(subjects, wraps) AS fresh (subject, wrap)
    ON CONFLICT (subject_id) DO NOTHING
$$;

REVOKE ALL ON FUNCTION load_subject_keys, create_subject_keys FROM PUBLIC;
GRANT EXECUTE ON FUNCTION load_subject_keys, create_subject_keys TO moot_api;
