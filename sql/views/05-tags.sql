-- The only reader of the tags of domains.

CREATE VIEW dane.domain_tag AS
SELECT d.census_id, d.ordinal, t.key AS tag, t.value
  FROM dane.domain d
  CROSS JOIN LATERAL jsonb_each_text(CASE WHEN jsonb_typeof(d.tags) = 'object' THEN d.tags END) t
 WHERE t.value IS NOT NULL;
COMMENT ON VIEW dane.domain_tag IS 'One row per domain and tag that its list gives it.';
