-- Times held under a boundary tag (`Hold`, ADR 0005): a room, a member or a kit is in one place at a time.
-- The exclusion constraint decides, also between commands that run at the same moment.

CREATE EXTENSION IF NOT EXISTS btree_gist;  -- trusted: the database's owner may create it

CREATE TABLE boundary_time (
    authority text      NOT NULL,
    tag       bytea     NOT NULL,  -- a keyed hash, as in `boundary`
    stream_id uuid      NOT NULL,
    during    tstzrange NOT NULL CHECK (NOT isempty(during)),
    EXCLUDE USING gist (authority WITH =, tag WITH =, during WITH &&)
);
CREATE INDEX boundary_time_of_stream ON boundary_time (stream_id);

-- What the event core's own function does with places stands unchanged under another name; times are settled first.
ALTER FUNCTION change_places(text, uuid, json) RENAME TO change_places_only;

CREATE FUNCTION change_places(of_authority text, of_stream uuid, changes json) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    change json;
BEGIN
    FOR change IN SELECT * FROM json_array_elements(changes) LOOP  -- sorted by tag, releases first
        IF (change->>'release')::boolean THEN
            DELETE FROM boundary_time WHERE authority = of_authority AND tag = decode(change->>'tag', 'hex') AND stream_id = of_stream;
        ELSIF change->>'from' IS NOT NULL THEN
            INSERT INTO boundary_time VALUES (of_authority, decode(change->>'tag', 'hex'), of_stream,
                tstzrange((change->>'from')::timestamptz, (change->>'until')::timestamptz));
        END IF;
    END LOOP;
    RETURN change_places_only(of_authority, of_stream, coalesce(
        (SELECT json_agg(c) FROM json_array_elements(changes) AS c WHERE c->>'from' IS NULL), '[]'::json));
EXCEPTION WHEN exclusion_violation THEN
    RETURN change->>'rule';
END $$;
