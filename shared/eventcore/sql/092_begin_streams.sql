-- Begins many streams of one kind and one authority at once, each with the first events of one command: what an import does
-- with things it sees for the first time. As `append_events`, without its cost for each command; no boundaries. A stream is
-- named once. Outcome per command: 'appended', 'repeated', 'reused', or 'conflict' (the stream exists). ADR 0010.
CREATE OR REPLACE FUNCTION begin_streams(
    of_authority text, of_kind text, command_ids text[], fingerprints text[], streams uuid[], shards smallint[],
    event_count integer[], metadatas text[],
    commands integer[], versions integer[], types text[], payloads text[], occurred timestamptz[], hashes bytea[], now_is timestamptz
) RETURNS TABLE (ordinal integer, outcome text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    fresh text[];
    begun uuid[];
BEGIN
    PERFORM take_lease();
    WITH logged AS (
        INSERT INTO command_log
        SELECT of_authority, c.id, c.fingerprint, c.stream, c.events, c.events, now_is
        FROM unnest(command_ids, fingerprints, streams, event_count) AS c (id, fingerprint, stream, events)
        ON CONFLICT DO NOTHING RETURNING command_id)
    SELECT array_agg(command_id) INTO fresh FROM logged;
    WITH taken AS (
        INSERT INTO stream
        SELECT c.stream, of_kind, of_authority, c.shard, c.events
        FROM unnest(command_ids, streams, shards, event_count) AS c (id, stream, shard, events)
        WHERE c.id = ANY (fresh) ORDER BY c.stream
        ON CONFLICT DO NOTHING RETURNING id)
    SELECT array_agg(id) INTO begun FROM taken;
    IF coalesce(cardinality(begun), 0) < cardinality(fresh) THEN
        DELETE FROM command_log
        WHERE authority = of_authority AND command_id = ANY (fresh) AND NOT stream_id = ANY (coalesce(begun, '{}'));
    END IF;
    -- Positions are drawn after the sort, so that they ascend within a stream.
    INSERT INTO event
    SELECT nextval('event_position'), e.shard, e.stream, e.version, e.type, of_authority, e.payload, e.metadata, e.occurred, now_is, e.hash
    FROM (
        SELECT shards[e.command] AS shard, streams[e.command] AS stream, e.version, e.type, e.payload::json AS payload,
               metadatas[e.command]::json AS metadata, e.occurred, e.hash
        FROM unnest(commands, versions, types, payloads, occurred, hashes) AS e (command, version, type, payload, occurred, hash)
        WHERE streams[e.command] = ANY (begun)
        ORDER BY e.command, e.version) e;
    RETURN QUERY
        SELECT c.ordinal::integer, CASE
            WHEN c.stream = ANY (begun) THEN 'appended'
            WHEN c.id = ANY (fresh) THEN 'conflict'
            WHEN known.fingerprint = c.fingerprint THEN 'repeated'
            ELSE 'reused' END
        FROM unnest(command_ids, fingerprints, streams) WITH ORDINALITY AS c (id, fingerprint, stream, ordinal)
        LEFT JOIN command_log known ON known.authority = of_authority AND known.command_id = c.id
        ORDER BY c.ordinal;
END $$;

REVOKE ALL ON FUNCTION begin_streams FROM PUBLIC;
GRANT EXECUTE ON FUNCTION begin_streams TO moot_api;
