"""What the matches of a canvass answered, until the data step has put it into the events; and its runs among the others."""

from shared.service.migrate import run_scripts

revision = "0003"
down_revision = "0002"

TABLES = """
-- Answers of the national and local match, by elector. No decision reads them; each property's result is in its events.
CREATE TABLE canvass_match (
    authority  text    NOT NULL,
    canvass_id uuid    NOT NULL,
    elector_id uuid    NOT NULL,
    source     text    NOT NULL CHECK (source IN ('national', 'local')),
    matched    boolean NOT NULL,
    PRIMARY KEY (canvass_id, elector_id, source)
);
ALTER TABLE canvass_match ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_authorities ON canvass_match TO moot_api
    USING (in_my_authorities(authority)) WITH CHECK (in_my_authorities(authority));
GRANT SELECT, INSERT, UPDATE, DELETE ON canvass_match TO moot_api;

ALTER TABLE import_run DROP CONSTRAINT import_run_kind_check;
ALTER TABLE import_run ADD CONSTRAINT import_run_kind_check
    CHECK (kind IN ('gazetteer', 'allocation', 'canvass-routes', 'canvass-contacts'));
"""


def upgrade() -> None:
    run_scripts([TABLES])
