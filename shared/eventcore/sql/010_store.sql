-- The event store of one service: streams, events, the answers already given, boundary places, snapshots.
-- Runs on PostgreSQL 15 to 18. `moot_api` is the role that row-level security binds; the owner runs relay, views and policies.

CREATE TABLE stream (
    id        uuid PRIMARY KEY,
    kind      text     NOT NULL,
    authority text     NOT NULL,
    shard     smallint NOT NULL,
    version   integer  NOT NULL
);
CREATE INDEX stream_by_kind ON stream (kind, id);

-- CACHE 1 and a consumed 0 are conditions of the writer lease (ADR 0002): last_value is then the highest position drawn.
CREATE SEQUENCE event_position AS bigint MINVALUE 0 START 0 CACHE 1;
SELECT nextval('event_position');

CREATE TABLE event (
    position     bigint      PRIMARY KEY,
    shard        smallint    NOT NULL,
    stream_id    uuid        NOT NULL,
    version      integer     NOT NULL,
    type         text        NOT NULL,
    authority    text        NOT NULL,
    payload      json        NOT NULL,  -- json, not jsonb: the stored bytes are what the content hash covers, and load twice as fast
    metadata     json        NOT NULL,
    occurred_at  timestamptz NOT NULL,  -- when the fact holds
    recorded_at  timestamptz NOT NULL,  -- when we learnt it
    content_hash bytea       NOT NULL,
    UNIQUE (stream_id, version)
);
CREATE INDEX event_by_shard ON event (shard, position);

-- The outbox is not a second copy but this reading of the table (ADR 0001.2).
CREATE VIEW outbox WITH (security_invoker = true) AS
SELECT e.position, e.shard, e.stream_id, s.kind, e.version, e.type, e.authority, e.payload, e.metadata,
       e.occurred_at, e.recorded_at, e.content_hash
FROM event e JOIN stream s ON s.id = e.stream_id;

CREATE FUNCTION history_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are never changed or removed (% on %)', TG_OP, TG_TABLE_NAME USING ERRCODE = 'MT001';
END $$;
CREATE TRIGGER event_is_kept BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION history_is_kept();
CREATE TRIGGER event_is_not_emptied BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION history_is_kept();

-- The first answer to each command: a repeat gets it again. `version` is the stream's version after the command.
CREATE TABLE command_log (
    authority   text        NOT NULL,
    command_id  text        NOT NULL,
    fingerprint text        NOT NULL,
    stream_id   uuid        NOT NULL,
    version     integer     NOT NULL,
    events      integer     NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (authority, command_id)
);

-- Places taken under a tag, across streams. `tag` is a keyed hash: it may have been made from personal data.
CREATE TABLE boundary (
    authority text    NOT NULL,
    tag       bytea   NOT NULL,
    taken     integer NOT NULL CHECK (taken >= 0),
    PRIMARY KEY (authority, tag)
);
CREATE TABLE boundary_place (
    authority text  NOT NULL,
    tag       bytea NOT NULL,
    stream_id uuid  NOT NULL,
    PRIMARY KEY (authority, tag, stream_id)
);

-- Disposable folds of long streams. `shape` is the hash of the state's schema: a deploy with another shape ignores the row.
CREATE TABLE snapshot (
    stream_id uuid    PRIMARY KEY,
    authority text    NOT NULL,
    version   integer NOT NULL,
    shape     text    NOT NULL,
    subject   uuid,
    state     text    NOT NULL  -- sealed under the subject's key when there is one
);
