-- What operators see and ask of the readers through an API (shared/service/operations.py): how far each is behind, what it
-- could not apply, and to try that again. No payload, no name: streams, types, classes of failures.

-- Asked for in the API, done by the process that runs the reader.
CREATE TABLE IF NOT EXISTS parked_retry (
    consumer  text        NOT NULL,
    source    text        NOT NULL,
    stream_id uuid        NOT NULL,
    actor     text        NOT NULL,
    asked_at  timestamptz NOT NULL,
    PRIMARY KEY (consumer, source, stream_id)
);

-- Parked events of some councils: in each stream first the one that failed, then those that wait behind it.
CREATE OR REPLACE FUNCTION parked_of(authorities text[])
RETURNS TABLE (consumer text, source text, stream_id uuid, "position" bigint, type text, problem text, attempts integer,
    parked_at timestamptz, asked_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT p.consumer, p.source, p.stream_id, p.position, p.type, p.problem, p.attempts, p.parked_at, r.asked_at
    FROM parked p LEFT JOIN parked_retry r USING (consumer, source, stream_id)
    WHERE p.record -> 'headers' ->> 'moot-authority' = ANY (authorities)
    ORDER BY p.consumer, p.source, p.stream_id, p.position
$$;

-- Whether that stream is parked there, for that council: then it will be tried again.
CREATE OR REPLACE FUNCTION ask_retry(of_authority text, of_consumer text, of_source text, of_stream uuid, by_actor text, at timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM parked_of(ARRAY[of_authority]) p
                   WHERE (p.consumer, p.source, p.stream_id) = (of_consumer, of_source, of_stream)) THEN
        RETURN false;
    END IF;
    INSERT INTO parked_retry VALUES (of_consumer, of_source, of_stream, by_actor, at) ON CONFLICT DO NOTHING;
    RETURN true;
END $$;

-- Events at or below the horizon that a reader has not passed yet, by shard, counted up to `most`.
CREATE OR REPLACE FUNCTION reader_lag(of_source text, readers text[], most integer)
RETURNS TABLE (reader text, shard smallint, events bigint, oldest timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    horizon CONSTANT bigint := event_horizon();
BEGIN
    RETURN QUERY
        SELECT r.reader, s.shard::smallint, late.events, late.oldest
        FROM unnest(readers) r (reader) CROSS JOIN generate_series(0, 63) s (shard)
        LEFT JOIN checkpoint c ON c.consumer = r.reader AND c.source = of_source AND c.shard = s.shard
        CROSS JOIN LATERAL (
            SELECT count(*) AS events, min(unread.recorded_at) AS oldest FROM (
                SELECT e.recorded_at FROM event e
                WHERE e.shard = s.shard AND e.position > coalesce(c.position, 0) AND e.position <= horizon
                ORDER BY e.position LIMIT most) unread) late;
END $$;

-- The highest position drawn so far: what the seals have not reached yet.
CREATE OR REPLACE FUNCTION last_position() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
    SELECT last_value FROM event_position
$$;

REVOKE ALL ON FUNCTION parked_of, ask_retry, reader_lag, last_position FROM PUBLIC;
GRANT EXECUTE ON FUNCTION parked_of, ask_retry, reader_lag, last_position TO moot_api;
GRANT SELECT (number, up_to, seal, published_at) ON seal TO moot_api;
