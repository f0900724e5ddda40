-- A scanned letter, named by its content. `sealed`: nonce, ciphertext and tag of AES-256-GCM; `sealed_key`: its key, sealed under
-- the enquirer's. So a scan is backed up with the database, and goes with the person when their key is destroyed.
CREATE TABLE scan (
    authority  text        NOT NULL,
    enquiry_id uuid        NOT NULL,
    sha256     text        NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),  -- of the clear file
    media_type text        NOT NULL,
    sealed_key text        NOT NULL,
    sealed     bytea       NOT NULL,
    stored_at  timestamptz NOT NULL,
    PRIMARY KEY (enquiry_id, sha256)
);
ALTER TABLE scan ALTER COLUMN sealed SET STORAGE EXTERNAL;  -- what is sealed does not compress

ALTER TABLE scan ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_authorities ON scan TO moot_api
    USING (in_my_authorities(authority)) WITH CHECK (in_my_authorities(authority));
GRANT SELECT, INSERT ON scan TO moot_api;
