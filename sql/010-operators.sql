-- Who runs MX hosts and name servers, and the mailbox of a SOA record.

-- The longest suffix of a name decides, label by label; a name without one belongs to its registrable domain.
CREATE TABLE dane.operator_suffix (
  -- a name as A-labels, lower case, without the final dot, of at most five labels: views join it once per count of labels
  suffix        text PRIMARY KEY CHECK (suffix ~ '^[a-z0-9_-]+(\.[a-z0-9_-]+){0,4}$'),
  operator      text NOT NULL CHECK (operator <> ''),
  -- program: from sql/operators.sql, made anew at each migration; user: loaded by the user, and never touched by it
  origin        text NOT NULL DEFAULT 'user' CHECK (origin IN ('program', 'user'))
);

-- The last labels of a name, from one to five; what begins with a dot, and equals no name, where it has fewer.
CREATE FUNCTION dane.last_labels(name text, labels int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE labels
    WHEN 1 THEN split_part(name, '.', -1)
    WHEN 2 THEN split_part(name, '.', -2) || '.' || split_part(name, '.', -1)
    WHEN 3 THEN split_part(name, '.', -3) || '.' || split_part(name, '.', -2) || '.' || split_part(name, '.', -1)
    WHEN 4 THEN split_part(name, '.', -4) || '.' || split_part(name, '.', -3) || '.' || split_part(name, '.', -2) || '.'
                || split_part(name, '.', -1)
    WHEN 5 THEN split_part(name, '.', -5) || '.' || split_part(name, '.', -4) || '.' || split_part(name, '.', -3) || '.'
                || split_part(name, '.', -2) || '.' || split_part(name, '.', -1)
  END $$;

-- The mailbox that the RNAME of a SOA record stands for (RFC 1035 §3.3.13, §8): the first label, its escapes undone (RFC 1035
-- §5.1), is the local part, which is quoted where it has to be (RFC 5321 §4.1.2). Null where there is no such mailbox: no domain
-- behind the first label, or octets that no mailbox has.
CREATE FUNCTION dane.soa_mailbox(rname text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  WITH parts AS (
    SELECT regexp_match(rname, '^((?:[^.\\]|\\[0-9]{3}|\\[^0-9])+)\.(.*[^.])\.?$') AS found),
  octets AS (
    SELECT place, CASE WHEN token[1] ~ '^\\[0-9]{3}$' THEN substr(token[1], 2)::int
                       WHEN token[1] LIKE '\\_' THEN ascii(substr(token[1], 2))
                       ELSE ascii(token[1]) END AS octet
      FROM parts CROSS JOIN LATERAL regexp_matches(found[1], '(\\[0-9]{3}|\\.|.)', 'g') WITH ORDINALITY tokens (token, place)),
  label AS (
    SELECT bool_and(octet BETWEEN 32 AND 126) AS is_printable,
           string_agg(CASE WHEN octet BETWEEN 32 AND 126 THEN chr(octet) END, '' ORDER BY place) AS text
      FROM octets)
  SELECT CASE WHEN text ~ '^[a-zA-Z0-9!#$%&''*+/=?^_`{|}~-]+(\.[a-zA-Z0-9!#$%&''*+/=?^_`{|}~-]+)*$' THEN text
              ELSE '"' || regexp_replace(text, '(["\\])', '\\\1', 'g') || '"' END || '@' || found[2]
    FROM parts CROSS JOIN label WHERE is_printable $$;
