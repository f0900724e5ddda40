"""What a gazetteer file would change, kept until it is committed; and what a run replaced, kept so that it can be taken back."""

from shared.service.migrate import run_scripts

revision = "0008"
down_revision = "0007"

TABLES = """
ALTER TABLE import_run DROP CONSTRAINT import_run_kind_check;
ALTER TABLE import_run ADD CONSTRAINT import_run_kind_check CHECK (kind IN
    ('gazetteer', 'gazetteer-preview', 'gazetteer-undo', 'allocation', 'canvass-routes', 'canvass-contacts'));
ALTER TABLE import_run DROP CONSTRAINT import_run_state_check;
ALTER TABLE import_run ADD CONSTRAINT import_run_state_check CHECK (state IN
    ('running', 'applied', 'done', 'refused', 'failed', 'interrupted', 'undone'));

-- The file of a preview, in pieces, so that whichever replica is asked can commit it.
CREATE TABLE import_file (
    run_id    uuid    NOT NULL REFERENCES import_run ON DELETE CASCADE,
    volume    integer NOT NULL,
    ordinal   integer NOT NULL,
    authority text    NOT NULL,
    piece     bytea   NOT NULL,
    PRIMARY KEY (run_id, volume, ordinal)
);
-- What a preview found, in the order of the file.
CREATE TABLE import_change (
    run_id      uuid    NOT NULL REFERENCES import_run ON DELETE CASCADE,
    ordinal     integer NOT NULL,
    authority   text    NOT NULL,
    uprn        bigint  NOT NULL,
    property_id uuid    NOT NULL,
    change      text    NOT NULL,
    before      json,
    after       json,
    electors    integer NOT NULL,
    successors  json    NOT NULL DEFAULT '[]',
    note        text    NOT NULL DEFAULT '',
    PRIMARY KEY (run_id, ordinal)
);
CREATE INDEX import_change_by_uprn ON import_change (run_id, uprn);
-- The working copy's records before a run; null: it held none.
CREATE TABLE import_before (
    run_id    uuid   NOT NULL REFERENCES import_run ON DELETE CASCADE,
    authority text   NOT NULL,
    kind      text   NOT NULL CHECK (kind IN ('property', 'street')),
    number    bigint NOT NULL,
    record    json,
    PRIMARY KEY (run_id, kind, number)
);
"""
KEPT = ("import_file", "import_change", "import_before")


def upgrade() -> None:
    fences = (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY own_authorities ON {table} TO moot_api"
        " USING (in_my_authorities(authority)) WITH CHECK (in_my_authorities(authority));"
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO moot_api;"
        for table in KEPT
    )
    run_scripts([TABLES, *fences])
