-- The API seals, opens, erases and holds, within its own authorities only. Row-level security is the second fence.
ALTER TABLE subject_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_authorities ON subject_key TO moot_api
    USING (in_my_authorities(authority)) WITH CHECK (in_my_authorities(authority));
GRANT SELECT, INSERT, UPDATE ON subject_key TO moot_api;
