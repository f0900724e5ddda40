-- How many lines of the register each officer took out in files on a day, so that the limit holds whichever replica is asked.
CREATE TABLE exported_rows (
    authority text   NOT NULL,
    actor     text   NOT NULL,
    day       date   NOT NULL,
    rows      bigint NOT NULL,
    PRIMARY KEY (authority, actor, day)
);
ALTER TABLE exported_rows ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_authorities ON exported_rows TO moot_api
    USING (in_my_authorities(authority)) WITH CHECK (in_my_authorities(authority));
GRANT SELECT, INSERT, UPDATE ON exported_rows TO moot_api;
