-- Who looked at what, and why: every read of a sensitive record, written before the answer is given. Never changed.
CREATE TABLE read_log (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    authority text        NOT NULL,
    actor     text        NOT NULL,
    kind      text        NOT NULL,  -- what was looked at: 'elector', 'search', 'register export' …
    record    text        NOT NULL,  -- its id; for a search, nothing that was typed
    purpose   text        NOT NULL,
    correlation_id text   NOT NULL,
    at        timestamptz NOT NULL
);
CREATE INDEX read_log_by_record ON read_log (authority, record, at);
CREATE INDEX read_log_by_actor ON read_log (authority, actor, at);
CREATE TRIGGER read_log_is_kept BEFORE UPDATE OR DELETE ON read_log FOR EACH ROW EXECUTE FUNCTION history_is_kept();
CREATE TRIGGER read_log_is_not_emptied BEFORE TRUNCATE ON read_log FOR EACH STATEMENT EXECUTE FUNCTION history_is_kept();

ALTER TABLE read_log ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_authorities ON read_log FOR SELECT TO moot_api
    USING (authority = ANY (string_to_array(current_setting('moot.authorities', true), ',')));
CREATE POLICY any_authority ON read_log FOR INSERT TO moot_api WITH CHECK (true);
GRANT SELECT, INSERT ON read_log TO moot_api;
