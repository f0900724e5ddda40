-- Deny by default: `moot_api` reads rows of the authorities named in `moot.authorities`, and writes through the functions only.
ALTER TABLE stream ENABLE ROW LEVEL SECURITY;
ALTER TABLE event ENABLE ROW LEVEL SECURITY;
ALTER TABLE deadline ENABLE ROW LEVEL SECURITY;
ALTER TABLE command_log ENABLE ROW LEVEL SECURITY;

CREATE FUNCTION in_my_authorities(authority text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT authority = ANY (string_to_array(current_setting('moot.authorities', true), ','))
$$;
CREATE POLICY own_authorities ON stream FOR SELECT TO moot_api USING (in_my_authorities(authority));
CREATE POLICY own_authorities ON event FOR SELECT TO moot_api USING (in_my_authorities(authority));
CREATE POLICY own_authorities ON deadline FOR SELECT TO moot_api USING (in_my_authorities(authority));
CREATE POLICY own_authorities ON command_log FOR SELECT TO moot_api USING (in_my_authorities(authority));

-- Moves the rehearsal clock, forward only: facts already recorded must stay in the past.
CREATE FUNCTION move_rehearsal_clock(to_ahead interval) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    INSERT INTO rehearsal AS r VALUES (true, to_ahead)
        ON CONFLICT (only_row) DO UPDATE SET ahead = excluded.ahead WHERE r.ahead <= excluded.ahead;
    RETURN FOUND;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO moot_api;
GRANT EXECUTE ON FUNCTION append_events, load_streams, known_commands, in_my_authorities, move_rehearsal_clock TO moot_api;
GRANT SELECT ON stream, event, outbox, deadline, command_log, checkpoint, view_version, rehearsal TO moot_api;

GRANT SELECT, INSERT, UPDATE ON snapshot TO moot_api;
