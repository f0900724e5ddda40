-- Appending, without losing an event to a reader (the writer lease, ADR 0002).
--
-- A sequence number is drawn before its transaction commits, so a reader of `position > n` would skip the events of a
-- slower writer for ever. Here a writer first reads L = last_value, then takes a shared transaction lock that carries L,
-- and only then draws positions (all > L). A reader takes H = last_value, then the lowest L among holders, then reads up
-- to the smaller. Whatever was drawn at or below that line is committed or rolled back; nothing waits for anybody.

-- The lock key: 16 bits of tag, 48 bits of position; the one-argument form of advisory locks is used for nothing else.
CREATE OR REPLACE FUNCTION take_lease() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    line bigint;
BEGIN
    SELECT last_value INTO line FROM event_position;
    PERFORM pg_advisory_xact_lock_shared((19791::bigint << 48) | line);
END $$;

CREATE OR REPLACE FUNCTION event_horizon() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    highest bigint;
    lowest  bigint;
BEGIN
    SELECT last_value INTO highest FROM event_position;
    -- A statement of its own, after the first: a writer that appears in between draws above `highest`.
    SELECT min(((classid::bigint & 65535) << 32) | objid::bigint) INTO lowest
    FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 1 AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND classid::bigint >> 16 = 19791;
    RETURN least(highest, coalesce(lowest, highest));
END $$;

-- Takes one place under each claimed tag and gives back the released ones; answers the name of the rule that found none left.
-- `changes` is [{"tag": hex, "limit": n, "rule": name} | {"tag": hex, "release": true}], sorted by tag against deadlocks.
CREATE OR REPLACE FUNCTION change_places(of_authority text, of_stream uuid, changes json) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    change json;
    place  bytea;
BEGIN
    FOR change IN SELECT * FROM json_array_elements(changes) LOOP
        place := decode(change->>'tag', 'hex');
        IF (change->>'release')::boolean THEN
            DELETE FROM boundary_place WHERE authority = of_authority AND tag = place AND stream_id = of_stream;
            IF FOUND THEN
                UPDATE boundary SET taken = taken - 1 WHERE authority = of_authority AND tag = place;
            END IF;
        ELSE
            INSERT INTO boundary_place VALUES (of_authority, place, of_stream) ON CONFLICT DO NOTHING;
            CONTINUE WHEN NOT FOUND;  -- this stream holds its place already
            INSERT INTO boundary AS b VALUES (of_authority, place, 1)
                ON CONFLICT (authority, tag) DO UPDATE SET taken = b.taken + 1 WHERE b.taken < (change->>'limit')::integer;
            IF NOT FOUND THEN
                RETURN change->>'rule';
            END IF;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

-- Moves a stream from the version a command was decided on to the next; false when it has moved on, or is not this authority's.
CREATE OR REPLACE FUNCTION advance_stream(of_stream uuid, of_kind text, of_authority text, in_shard smallint, from_version integer, to_version integer)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF from_version = 0 THEN
        INSERT INTO stream VALUES (of_stream, of_kind, of_authority, in_shard, to_version) ON CONFLICT DO NOTHING;
    ELSE
        UPDATE stream SET version = to_version
        WHERE id = of_stream AND version = from_version AND authority = of_authority AND kind = of_kind;
    END IF;
    RETURN FOUND;
END $$;

-- Appends the events of many independent commands in one transaction. Command i owns events first_event[i] .. + event_count[i].
-- Outcome per command: 'appended', 'repeated' (known command id: the first answer), 'reused' (that id was another command's),
-- 'conflict' (the stream has moved on), or 'refused' with the boundary's rule in `detail`. One command's failure leaves the others alone.
CREATE OR REPLACE FUNCTION append_events(
    command_ids text[], fingerprints text[], streams uuid[], kinds text[], authorities text[], shards smallint[],
    expected integer[], first_event integer[], event_count integer[], places json[],
    types text[], payloads text[], metadatas text[], occurred timestamptz[], hashes bytea[], now_is timestamptz
) RETURNS TABLE (ordinal integer, outcome text, stream_version integer, last_position bigint, detail text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    known command_log%ROWTYPE;
BEGIN
    PERFORM take_lease();
    FOR i IN 1 .. array_length(streams, 1) LOOP
        ordinal := i; detail := NULL; last_position := NULL; stream_version := expected[i] + event_count[i];

        IF command_ids[i] <> '' THEN
            INSERT INTO command_log VALUES (authorities[i], command_ids[i], fingerprints[i], streams[i], stream_version, event_count[i], now_is)
                ON CONFLICT DO NOTHING;
            IF NOT FOUND THEN
                SELECT * INTO known FROM command_log WHERE authority = authorities[i] AND command_id = command_ids[i];
                outcome := CASE WHEN known.fingerprint = fingerprints[i] THEN 'repeated' ELSE 'reused' END;
                stream_version := known.version;
                SELECT e.position INTO last_position FROM event e WHERE e.stream_id = known.stream_id AND e.version = known.version;
                RETURN NEXT; CONTINUE;
            END IF;
        END IF;

        -- A savepoint costs, so only a command with places to undo pays for one.
        IF places[i] IS NULL THEN
            outcome := CASE WHEN advance_stream(streams[i], kinds[i], authorities[i], shards[i], expected[i], stream_version)
                            THEN 'appended' ELSE 'conflict' END;
        ELSE
            BEGIN
                outcome := 'appended';
                IF NOT advance_stream(streams[i], kinds[i], authorities[i], shards[i], expected[i], stream_version) THEN
                    outcome := 'conflict';
                ELSE
                    detail := change_places(authorities[i], streams[i], places[i]);
                    IF detail IS NOT NULL THEN
                        RAISE EXCEPTION USING ERRCODE = 'MT003';
                    END IF;
                END IF;
            EXCEPTION WHEN SQLSTATE 'MT003' THEN
                outcome := 'refused';
            END;
        END IF;

        IF outcome <> 'appended' THEN
            DELETE FROM command_log WHERE authority = authorities[i] AND command_id = command_ids[i];
            RETURN NEXT; CONTINUE;
        END IF;
        FOR j IN first_event[i] .. first_event[i] + event_count[i] - 1 LOOP
            last_position := nextval('event_position');
            INSERT INTO event VALUES (
                last_position, shards[i], streams[i], expected[i] + j - first_event[i] + 1, types[j], authorities[i],
                payloads[j]::json, metadatas[j]::json, occurred[j], now_is, hashes[j]);
        END LOOP;
        RETURN NEXT;
    END LOOP;
END $$;

-- The events of some streams, each only if it belongs to the authority that the caller is acting for.
CREATE OR REPLACE FUNCTION load_streams(streams uuid[], authorities text[], after_version integer[])
RETURNS TABLE (stream_id uuid, version integer, type text, payload json)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT e.stream_id, e.version, e.type, e.payload
    FROM unnest(streams, authorities, after_version) AS wanted (id, authority, after)
    JOIN event e ON e.stream_id = wanted.id AND e.version > wanted.after AND e.authority = wanted.authority
    ORDER BY e.stream_id, e.version
$$;

-- The first answers to commands that were given before, each only to the authority that gave it.
CREATE OR REPLACE FUNCTION known_commands(authorities text[], command_ids text[])
RETURNS TABLE (authority text, command_id text, fingerprint text, stream_id uuid, version integer, last_position bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT c.authority, c.command_id, c.fingerprint, c.stream_id, c.version, e.position
    FROM unnest(authorities, command_ids) AS wanted (authority, command_id)
    JOIN command_log c USING (authority, command_id)
    LEFT JOIN event e ON e.stream_id = c.stream_id AND e.version = c.version
$$;
