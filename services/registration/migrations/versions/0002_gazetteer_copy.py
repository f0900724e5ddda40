"""What imports keep beside the events: the gazetteer as last supplied, boundary polygons, and how each run went."""

from shared.service.migrate import run_scripts

revision = "0002"
down_revision = "0001"

TABLES = """
-- The gazetteer as it was last supplied: what a change-only update applies to. No decision reads it; what the register
-- knows of a property is in the property's events.
CREATE TABLE gazetteer_property (
    authority text   NOT NULL,
    uprn      bigint NOT NULL,
    property  json   NOT NULL,
    digest    bytea  NOT NULL,   -- SHA-256 of `property`: whether a supply says anything new
    x         double precision,
    y         double precision,
    ward      text   NOT NULL,   -- as the gazetteer names it
    parish    text   NOT NULL,
    usrns     bigint[] NOT NULL, -- the streets that it has addresses on
    PRIMARY KEY (authority, uprn)
);
CREATE TABLE gazetteer_street (
    authority text   NOT NULL,
    usrn      bigint NOT NULL,
    street    json   NOT NULL,
    PRIMARY KEY (authority, usrn)
);

-- Polygons by kind and version; which version is in use is in the events (`BoundariesLoaded`).
CREATE TABLE boundary_area (
    authority  text  NOT NULL,
    kind       text  NOT NULL,
    version    text  NOT NULL,   -- SHA-256 of the file
    code       text  NOT NULL,
    name       text  NOT NULL,
    welsh_name text  NOT NULL,
    shape      bytea NOT NULL,   -- WKB, EPSG:27700
    PRIMARY KEY (authority, kind, version, code)
);

CREATE TABLE import_run (
    id         uuid   PRIMARY KEY,
    authority  text   NOT NULL,
    kind       text   NOT NULL CHECK (kind IN ('gazetteer', 'allocation')),
    state      text   NOT NULL CHECK (state IN ('running', 'applied', 'done', 'refused', 'failed', 'interrupted')),
    phase      text   NOT NULL,  -- 'reading' (counts bytes) or 'recording' (counts properties)
    done       bigint NOT NULL DEFAULT 0,
    total      bigint NOT NULL DEFAULT 0,
    asked_by   text   NOT NULL,
    file_sha256 text  NOT NULL DEFAULT '',
    supply     json,             -- source, version, volume, process_date
    counts     json   NOT NULL DEFAULT '{}',
    refused    json   NOT NULL DEFAULT '{}', -- rows by rule
    problem    json,
    started_at timestamptz NOT NULL,
    ended_at   timestamptz
);
CREATE INDEX import_run_by_start ON import_run (authority, started_at DESC);
CREATE TABLE import_refusal (
    run_id     uuid    NOT NULL REFERENCES import_run ON DELETE CASCADE,
    ordinal    integer NOT NULL,
    authority  text    NOT NULL,
    volume     integer NOT NULL,
    line       integer NOT NULL,
    record     integer,
    field      text    NOT NULL,
    value      text    NOT NULL,  -- shortened; never free text
    rule       text    NOT NULL,
    reason     text    NOT NULL,
    first_line integer,
    PRIMARY KEY (run_id, ordinal)
);
"""
KEPT = ("gazetteer_property", "gazetteer_street", "boundary_area", "import_run", "import_refusal")


def upgrade() -> None:
    fences = (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY own_authorities ON {table} TO moot_api"
        " USING (in_my_authorities(authority)) WITH CHECK (in_my_authorities(authority));"
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO moot_api;"
        for table in KEPT
    )
    run_scripts([TABLES, *fences])
