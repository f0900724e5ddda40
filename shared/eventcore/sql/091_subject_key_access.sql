-- The API makes, opens, erases and holds keys. No row-level security: a row says nothing of a person and opens nothing
-- without the master key, subjects are only known from events that were read within an authority, and every statement
-- that makes or changes a key names its authority.
GRANT SELECT, INSERT, UPDATE ON subject_key TO moot_api;
