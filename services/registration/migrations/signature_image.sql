-- One image for each signature that an event names. Written before that event, and never changed: `id` is made of the person and
-- the picture. Who has the row has nothing without the person's key, and nobody has that once the person was erased.
CREATE TABLE signature_image (
    id        uuid        PRIMARY KEY,
    authority text        NOT NULL,
    person_id uuid        NOT NULL,
    sealed    text        NOT NULL,
    kept_at   timestamptz NOT NULL
);
ALTER TABLE signature_image ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_authorities ON signature_image TO moot_api
    USING (in_my_authorities(authority)) WITH CHECK (in_my_authorities(authority));
GRANT SELECT, INSERT ON signature_image TO moot_api;
