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
