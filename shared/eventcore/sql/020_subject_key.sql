-- The data key of each person, wrapped under the service's master key. Erasure sets `wrapped` to null for ever: every
-- value ever sealed for that person, here, on Kafka and in copies of either, then reads as erased.
-- A legal hold (`held_*`) blocks erasure until it is lifted.
CREATE TABLE subject_key (
    subject_id  uuid        PRIMARY KEY,
    authority   text        NOT NULL,
    wrapped     bytea,
    master      integer     NOT NULL,  -- the version of the master key it is wrapped under
    created_at  timestamptz NOT NULL,
    erased_at   timestamptz,
    held_reason text,
    held_by     text,
    held_at     timestamptz,
    CONSTRAINT erased_means_no_key CHECK ((wrapped IS NULL) = (erased_at IS NOT NULL)),
    CONSTRAINT held_or_not CHECK (num_nulls(held_reason, held_by, held_at) IN (0, 3)),
    CONSTRAINT held_is_not_erased CHECK (held_at IS NULL OR erased_at IS NULL)
);
CREATE INDEX subject_key_by_master ON subject_key (master) WHERE wrapped IS NOT NULL;

-- An erased subject never gets a key again, and no row disappears: otherwise a new key would be made silently, and the
-- old values would read as altered instead of erased.
CREATE FUNCTION subject_key_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND old.erased_at IS NULL AND new.subject_id = old.subject_id AND new.authority = old.authority THEN
        RETURN new;
    END IF;
    RAISE EXCEPTION 'an erased person stays erased, and no key row is removed (% on %)', TG_OP, TG_TABLE_NAME USING ERRCODE = 'MT001';
END $$;
CREATE TRIGGER subject_key_is_kept BEFORE UPDATE OR DELETE ON subject_key FOR EACH ROW EXECUTE FUNCTION subject_key_is_kept();
CREATE TRIGGER subject_key_is_not_emptied BEFORE TRUNCATE ON subject_key FOR EACH STATEMENT EXECUTE FUNCTION subject_key_is_kept();
