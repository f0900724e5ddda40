-- Settles times before places. To be run again after the event core's own function of this name was (`functions()`), which it covers.
CREATE OR REPLACE FUNCTION change_places(of_authority text, of_stream uuid, changes json) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    change json;
BEGIN
    FOR change IN SELECT * FROM json_array_elements(changes) LOOP  -- sorted by tag, releases first
        IF (change->>'release')::boolean THEN
            DELETE FROM boundary_time WHERE authority = of_authority AND tag = decode(change->>'tag', 'hex') AND stream_id = of_stream;
        ELSIF change->>'from' IS NOT NULL THEN
            INSERT INTO boundary_time VALUES (of_authority, decode(change->>'tag', 'hex'), of_stream,
                tstzrange((change->>'from')::timestamptz, (change->>'until')::timestamptz));
        END IF;
    END LOOP;
    RETURN change_places_only(of_authority, of_stream, coalesce(
        (SELECT json_agg(c) FROM json_array_elements(changes) AS c WHERE c->>'from' IS NULL), '[]'::json));
EXCEPTION WHEN exclusion_violation THEN
    RETURN change->>'rule';
END $$;
