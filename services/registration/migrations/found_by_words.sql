-- Row-level security lets no index be used for full-text search, whose operator could tell of rows that are hidden (PostgreSQL, "Rules and
-- Privileges"): each search would read every row. This function reads as the owner instead, and asks itself for the authority.
CREATE FUNCTION found_by_words(asked tsquery, at_most integer) RETURNS TABLE (kind text, id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
BEGIN
    RETURN QUERY SELECT f.kind, f.id FROM search.findable f
        WHERE to_tsvector('simple', f.words) @@ asked AND in_my_authorities(f.authority)
        ORDER BY f.ended, f.in_order COLLATE "C", f.id LIMIT at_most;
END $$;
REVOKE ALL ON FUNCTION found_by_words FROM PUBLIC;
GRANT EXECUTE ON FUNCTION found_by_words TO moot_api;
