-- Signed Merkle roots over closed ranges of positions, each naming the hash of the one before.
-- `leaves` are the positions and content hashes that the root was made of. They prove nothing by themselves; where they
-- agree with the signed root, they let an auditor name the very position that was changed, instead of its range.
CREATE TABLE seal (
    number       bigint PRIMARY KEY,
    up_to        bigint NOT NULL UNIQUE,
    seal         text   NOT NULL,  -- the signed JSON, as published
    leaves       bytea  NOT NULL,
    published_at timestamptz
);
CREATE INDEX seal_unpublished ON seal (number) WHERE published_at IS NULL;

CREATE FUNCTION seal_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (new.number, new.up_to, new.seal, new.leaves) = (old.number, old.up_to, old.seal, old.leaves) THEN
        RETURN new;
    END IF;
    RAISE EXCEPTION 'seals are never changed or removed (% on %)', TG_OP, TG_TABLE_NAME USING ERRCODE = 'MT001';
END $$;
CREATE TRIGGER seal_is_kept BEFORE UPDATE OR DELETE ON seal FOR EACH ROW EXECUTE FUNCTION seal_is_kept();
CREATE TRIGGER seal_is_not_emptied BEFORE TRUNCATE ON seal FOR EACH STATEMENT EXECUTE FUNCTION seal_is_kept();
