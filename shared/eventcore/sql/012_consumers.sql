-- Where each reader stands, what it could not apply, and what is due.

-- One number per consumer, source and shard. Moved only forward, in the transaction of what was written.
CREATE TABLE checkpoint (
    consumer text     NOT NULL,  -- 'relay', 'view:<name>', 'policy:<name>', …
    source   text     NOT NULL,  -- the context whose events are read
    shard    smallint NOT NULL,
    position bigint   NOT NULL,
    PRIMARY KEY (consumer, source, shard)
);

-- Events a consumer could not apply, and the later events of the same streams, in order. Other streams go on.
CREATE TABLE parked (
    consumer  text        NOT NULL,
    source    text        NOT NULL,
    stream_id uuid        NOT NULL,
    position  bigint      NOT NULL,
    shard     smallint    NOT NULL,
    type      text        NOT NULL,
    record    json        NOT NULL,  -- the record as it was received: sealed
    problem   text        NOT NULL,  -- class and place of the failure, no values; empty for those that wait behind it
    attempts  integer     NOT NULL DEFAULT 1,
    parked_at timestamptz NOT NULL,
    PRIMARY KEY (consumer, source, stream_id, position)
);

-- Parked events that an operator gave up on, for one consumer, and why. A rebuild will meet them again.
CREATE TABLE skipped (
    consumer   text        NOT NULL,
    source     text        NOT NULL,
    stream_id  uuid        NOT NULL,
    position   bigint      NOT NULL,
    type       text        NOT NULL,
    record     json        NOT NULL,  -- as it was parked: sealed
    problem    text        NOT NULL,
    actor      text        NOT NULL,
    reason     text        NOT NULL,
    skipped_at timestamptz NOT NULL
);
CREATE TRIGGER skipped_is_kept BEFORE UPDATE OR DELETE ON skipped FOR EACH ROW EXECUTE FUNCTION history_is_kept();
CREATE TRIGGER skipped_is_not_emptied BEFORE TRUNCATE ON skipped FOR EACH STATEMENT EXECUTE FUNCTION history_is_kept();

-- Which version of each view stands in its schema.
CREATE TABLE view_version (
    name     text        PRIMARY KEY,
    version  integer     NOT NULL,
    previous integer,
    built_at timestamptz NOT NULL
);

-- Commands that fall due. Written by policies with their position; turned into idempotent commands by the deadline worker.
CREATE TABLE deadline (
    id         text        PRIMARY KEY,  -- hash of policy, event and purpose: written twice is written once
    authority  text        NOT NULL,
    stream_id  uuid        NOT NULL,
    kind       text        NOT NULL,
    command    text        NOT NULL,
    arguments  json        NOT NULL,
    metadata   json        NOT NULL,
    due_at     timestamptz NOT NULL,
    settled_at timestamptz,
    outcome    text
);
CREATE INDEX deadline_due ON deadline (due_at) WHERE settled_at IS NULL;
CREATE INDEX deadline_by_stream ON deadline (stream_id);

-- How far this service's clock stands from the system's while an election is rehearsed. One row; refused in production.
CREATE TABLE rehearsal (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    ahead    interval NOT NULL
);
